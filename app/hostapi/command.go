package hostapi

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"gocommunicator/app/bus"
	"gocommunicator/app/config"
	"gocommunicator/app/phone"
)

// longest is how many bytes of JSON a command may have.
const longest = 64 << 10

// payloadError says what is wrong with the data of a command, in words for whoever wrote
// the page.
type payloadError struct{ problem string }

func (e *payloadError) Error() string { return e.problem }

// commands are the topics that a page publishes, and what each does.
var commands = map[string]func(b *Bridge, data []byte) error{
	"jsc/call/dial": command(func(b *Bridge, p struct {
		To        string  `json:"to"`
		Video     bool    `json:"video"`
		Headers   headers `json:"headers"`
		Anonymous *bool   `json:"anonymous"`
		Guest     bool    `json:"guest"`
	},
	) error {
		_, err := b.deps.Phone.Dial(phone.Dial{To: p.To, Video: p.Video, Headers: p.Headers, Anonymous: p.Anonymous, Wait: true, Guest: p.Guest})
		return err
	}),
	"jsc/call/answer": command(func(b *Bridge, p struct {
		ID    string `json:"id"`
		Video bool   `json:"video"`
	},
	) error {
		return b.deps.Phone.Answer(p.ID, p.Video)
	}),
	"jsc/call/reject": command(func(b *Bridge, p struct {
		ID   string `json:"id"`
		Code int    `json:"code"`
	},
	) error {
		return b.deps.Phone.Reject(p.ID, p.Code)
	}),
	"jsc/call/hangup": command(func(b *Bridge, p struct {
		ID string `json:"id"`
	},
	) error {
		return b.deps.Phone.Hangup(p.ID)
	}),
	"jsc/call/mute": command(func(b *Bridge, p struct {
		ID    string `json:"id"`
		Audio *bool  `json:"audio"`
		Video *bool  `json:"video"`
	},
	) error {
		if p.Audio == nil && p.Video == nil {
			return &payloadError{"audio or video is missing"}
		}
		return b.deps.Phone.Mute(p.ID, p.Audio, p.Video)
	}),
	"jsc/call/hold": command(func(b *Bridge, p struct {
		ID string `json:"id"`
		On *bool  `json:"on"`
	},
	) error {
		if p.On == nil {
			return &payloadError{"on is missing"}
		}
		return b.deps.Phone.Hold(p.ID, *p.On)
	}),
	"jsc/call/video": command(func(b *Bridge, p struct {
		ID    string `json:"id"`
		On    *bool  `json:"on"`
		Watch bool   `json:"watch"`
	},
	) error {
		switch {
		case p.On != nil:
			return b.deps.Phone.Video(p.ID, *p.On)
		case p.Watch:
			return b.deps.Phone.Watch(p.ID)
		}
		return &payloadError{"on or watch is missing"}
	}),
	"jsc/call/transfer": command(func(b *Bridge, p struct {
		ID       string `json:"id"`
		To       string `json:"to"`
		Replaces string `json:"replaces"`
	},
	) error {
		switch {
		case p.To != "" && p.Replaces != "":
			return &payloadError{"either to or replaces, not both"}
		case p.Replaces != "":
			return b.deps.Phone.TransferTo(p.ID, p.Replaces)
		}
		return b.deps.Phone.Transfer(p.ID, p.To)
	}),
	"jsc/call/transfer/answer": command(func(b *Bridge, p struct {
		ID     string `json:"id"`
		Accept *bool  `json:"accept"`
	},
	) error {
		if p.Accept == nil {
			return &payloadError{"accept is missing"}
		}
		return b.deps.Phone.AnswerTransfer(p.ID, *p.Accept)
	}),
	"jsc/call/screen": command(func(b *Bridge, p struct {
		ID string `json:"id"`
		On *bool  `json:"on"`
	},
	) error {
		if p.On == nil {
			return &payloadError{"on is missing"}
		}
		return b.deps.Phone.Screen(p.ID, *p.On)
	}),
	"jsc/call/record": command(func(b *Bridge, p struct {
		ID string `json:"id"`
		On *bool  `json:"on"`
	},
	) error {
		if p.On == nil {
			return &payloadError{"on is missing"}
		}
		return b.deps.Phone.Record(p.ID, *p.On)
	}),
	"jsc/call/talk": command(func(b *Bridge, p struct {
		ID string `json:"id"`
		On *bool  `json:"on"`
	},
	) error {
		if p.On == nil {
			return &payloadError{"on is missing"}
		}
		return b.deps.Phone.Talk(p.ID, *p.On)
	}),
	"jsc/call/note": command(func(b *Bridge, p struct {
		ID   string `json:"id"`
		Text string `json:"text"`
	},
	) error {
		return b.deps.Phone.Note(p.ID, p.Text)
	}),
	"jsc/contact/found": command(func(b *Bridge, p struct {
		ID     string               `json:"id"`
		Name   string               `json:"name"`
		Photo  string               `json:"photo"`
		URL    string               `json:"url"`
		Notes  string               `json:"notes"`
		Fields []phone.ContactField `json:"fields"`
	},
	) error {
		return b.deps.Phone.Found(p.ID, phone.Contact{Name: p.Name, Photo: p.Photo, URL: p.URL, Notes: p.Notes, Fields: p.Fields})
	}),
	"jsc/devices/list": simple(func(b *Bridge) error { b.deps.Phone.FindDevices(); return nil }),
	"jsc/devices/choose": command(func(b *Bridge, p struct {
		Kind string `json:"kind"`
		ID   string `json:"id"`
	},
	) error {
		return b.deps.Phone.ChooseDevice(p.Kind, p.ID)
	}),
	"jsc/devices/set": command(func(b *Bridge, set map[string]bool) error {
		for name, on := range set {
			if b.deps.Phone.Turn(name, on) != nil {
				return &payloadError{"there is no " + strconv.Quote(name)}
			}
		}
		return nil
	}),
	"jsc/call/dtmf/send": command(func(b *Bridge, p struct {
		ID    string `json:"id"`
		Tones string `json:"tones"`
	},
	) error {
		return b.deps.Phone.SendDTMF(p.ID, p.Tones)
	}),
	"jsc/conference/join": command(func(b *Bridge, p struct {
		IDs []string `json:"ids"`
	},
	) error {
		return b.deps.Phone.Join(p.IDs...)
	}),
	"jsc/conference/split": command(func(b *Bridge, p struct {
		ID string `json:"id"`
	},
	) error {
		return b.deps.Phone.Split(p.ID)
	}),
	"jsc/conference/silence": command(func(b *Bridge, p struct {
		ID string `json:"id"`
		On *bool  `json:"on"`
	},
	) error {
		if p.On == nil {
			return &payloadError{"on is missing"}
		}
		return b.deps.Phone.Silence(p.ID, *p.On)
	}),
	"jsc/call/dtmf/confirm": command(func(b *Bridge, p struct {
		ID   string `json:"id"`
		Send *bool  `json:"send"`
	},
	) error {
		if p.Send == nil {
			return &payloadError{"send is missing"}
		}
		return b.deps.Phone.ConfirmDTMF(p.ID, *p.Send)
	}),
	"jsc/message/send": command(func(b *Bridge, p struct {
		To   string `json:"to"`
		Text string `json:"text"`
	},
	) error {
		_, err := b.deps.Phone.SendMessage(p.To, p.Text)
		return err
	}),
	"jsc/ua/login": command(func(b *Bridge, p struct {
		URI         string `json:"uri"`
		AuthUser    string `json:"auth_user"`
		Password    string `json:"password"`
		DisplayName string `json:"display_name"`
	},
	) error {
		return b.deps.Phone.Login(phone.Login{
			URI: p.URI, AuthUser: p.AuthUser, Password: p.Password, DisplayName: p.DisplayName,
		})
	}),
	"jsc/ua/guest": simple(func(b *Bridge) error { return b.deps.Phone.LoginGuest() }),
	"jsc/ua/dnd": command(func(b *Bridge, p struct {
		On *bool `json:"on"`
	},
	) error {
		if p.On == nil {
			return &payloadError{"on is missing"}
		}
		b.deps.Phone.SetDND(*p.On)
		return nil
	}),
	"jsc/ua/settings":   command((*Bridge).set),
	"jsc/ua/logout":     simple(func(b *Bridge) error { b.deps.Phone.Logout(); return nil }),
	"jsc/ua/register":   simple(func(b *Bridge) error { return b.deps.Phone.Register() }),
	"jsc/ua/unregister": simple(func(b *Bridge) error { return b.deps.Phone.Unregister() }),
	"jsc/ua/state":      simple(func(b *Bridge) error { bus.Publish(b.deps.Bus, snapshotWanted{}); return nil }),
	"jsc/destination/set": command(func(b *Bridge, to string) error {
		b.deps.Phone.SetDestination(to)
		return nil
	}),
}

// command makes a command of a function that takes data of type T.
func command[T any](do func(b *Bridge, payload T) error) func(*Bridge, []byte) error {
	return func(b *Bridge, data []byte) error {
		var payload T
		if err := decode(data, &payload); err != nil {
			return err
		}
		return do(b, payload)
	}
}

// simple makes a command of a function that takes no data: what comes is not looked at.
func simple(do func(b *Bridge) error) func(*Bridge, []byte) error {
	return func(b *Bridge, _ []byte) error { return do(b) }
}

// decode reads the data of a command. The error is a *payloadError.
func decode(data []byte, into any) error {
	switch data = bytes.TrimSpace(data); {
	case len(data) == 0:
		return nil
	case len(data) > longest:
		return &payloadError{fmt.Sprintf("the data is longer than %d kB", longest>>10)}
	}
	err := json.Unmarshal(data, into)
	var (
		wrong   *json.UnmarshalTypeError
		problem *payloadError
	)
	switch {
	case err == nil:
		return nil
	case errors.As(err, &problem):
		return problem
	case errors.As(err, &wrong):
		article := "a"
		if wrong.Value == "array" || wrong.Value == "object" {
			article = "an"
		}
		return &payloadError{fmt.Sprintf("%s cannot be %s %s", cmp.Or(wrong.Field, "the data"), article, wrong.Value)}
	default:
		return &payloadError{"the data cannot be read: " + err.Error()}
	}
}

// headers are `Name: value` lines: one text or a list of them.
type headers []string

// UnmarshalJSON reads and checks them.
func (h *headers) UnmarshalJSON(data []byte) error {
	var lines []string
	if err := json.Unmarshal(data, &lines); err != nil {
		var one string
		if json.Unmarshal(data, &one) != nil {
			return &payloadError{`headers must be a text like "Name: value" or a list of them`}
		}
		lines = []string{one}
	}
	for _, line := range lines {
		checked, problem := config.CheckHeader(line)
		if problem != "" {
			return &payloadError{"headers: " + problem}
		}
		*h = append(*h, checked)
	}
	return nil
}

// explain says what the person is told of a command that failed.
func explain(topic string, err error) phone.Notice {
	var problem *payloadError
	if errors.As(err, &problem) {
		return phone.Notice{Code: "error_command", Params: map[string]string{"Topic": topic, "Problem": problem.problem}}
	}
	return phone.Explain(err)
}

package hostapi

import (
	"runtime"
	"strings"
	"time"

	"gocommunicator/app/phone"
	"gocommunicator/sipcore/jsfunc"
)

func callPayload(c phone.Call) map[string]any {
	return map[string]any{
		"id":           c.ID,
		"direction":    string(c.Direction),
		"peer":         peerPayload(c.Peer),
		"state":        string(c.State),
		"video":        c.Video,
		"remote_video": c.RemoteVideo,
		"video_asked":  c.VideoAsked,
		"screen":       c.Screen,
		"recording":    c.Recording,
		"muted":        c.AudioMuted,
		"video_muted":  c.VideoMuted,
		"local_hold":   c.LocalHold,
		"remote_hold":  c.RemoteHold,
		"conference":   c.Conference,
		"focus":        c.Focus,
		"silenced":     c.Silenced,
		"tones":        c.Tones,
		"anonymous":    c.Peer.Anonymous(),
		"auto_answer":  c.AutoAnswer,
		"forwarded":    peerOrNull(c.Forwarded),
		"forwarded_by": peerOrNull(c.ForwardedBy),
		"cause":        causePayload(c.Cause),
		"missed":       c.Missed(),
		"started":      timePayload(c.Started),
		"answered":     timePayload(c.Answered),
		"ended":        timePayload(c.Ended),

		"screen_beside": c.ScreenBeside,
		"remote_screen": c.RemoteScreen,

		"transfer":    transferPayload(c.Transfer),
		"referred_by": peerOrNull(c.ReferredBy),
	}
}

// summaryPayload is what is written into a log of calls.
func summaryPayload(c phone.Call) map[string]any {
	var quality, contact any
	if c.Quality != nil && c.Quality.MOS > 0 {
		quality = map[string]any{"mos": c.Quality.MOS, "grade": string(c.Quality.Grade())}
	}
	if c.Contact != nil && !c.Contact.Failed {
		contact = map[string]any{"name": c.Contact.Name, "url": c.Contact.URL}
	}
	seconds := 0.0
	if !c.Answered.IsZero() {
		seconds = c.Ended.Sub(c.Answered).Round(time.Second).Seconds()
	}
	summary := map[string]any{"duration": seconds, "quality": quality, "note": c.Note, "contact": contact}
	call := callPayload(c)
	for key := range strings.FieldsSeq("id direction peer started answered ended cause") {
		summary[key] = call[key]
	}
	return summary
}

// transferPayload is null when there is no transfer.
func transferPayload(t *phone.Transfer) any {
	if t == nil {
		return nil
	}
	return map[string]any{"to": peerPayload(t.To), "state": string(t.State), "cause": causePayload(t.Cause)}
}

func wishPayload(w phone.TransferWish) map[string]any {
	return map[string]any{"id": w.CallID, "to": peerPayload(w.To), "by": peerPayload(w.By)}
}

func participantsPayload(p phone.Participants) map[string]any {
	users := make([]any, len(p.Users))
	for i, u := range p.Users {
		users[i] = map[string]any{"uri": u.URI, "name": u.Name, "status": u.Status}
	}
	return map[string]any{"id": p.CallID, "users": users}
}

func registrationPayload(r phone.Registration) map[string]any {
	others := make([]any, len(r.Others))
	for i, d := range r.Others {
		others[i] = map[string]any{"contact": d.Contact, "name": d.Name, "instance": d.Instance, "until": timePayload(d.Until)}
	}
	return map[string]any{
		"others":  others,
		"state":   string(r.State),
		"aor":     r.AOR,
		"expires": r.Expires.Seconds(),
		"server":  r.Server,
		"cause":   causePayload(r.Cause),
	}
}

func linkPayload(l phone.Link) map[string]any {
	return map[string]any{
		"state":    string(l.State),
		"server":   l.Server,
		"attempt":  int64(l.Attempt),
		"retry_in": l.RetryIn.Seconds(),
	}
}

func messageTopic(m phone.Message) string {
	if m.Direction == phone.In {
		return "jsc/message/received"
	}
	return "jsc/message/sent"
}

func messagePayload(m phone.Message) map[string]any {
	return map[string]any{
		"id":           m.ID,
		"peer":         peerPayload(m.Peer),
		"text":         m.Text,
		"content_type": m.ContentType,
		"time":         timePayload(m.Time),
		"status":       string(m.Status),
		"cause":        causePayload(m.Cause),
	}
}

func (b *Bridge) snapshotPayload(s phone.Snapshot) map[string]any {
	calls := make([]any, len(s.Calls))
	for i, c := range s.Calls {
		calls[i] = callPayload(c)
	}
	return map[string]any{
		"link":         linkPayload(s.Link),
		"registration": registrationPayload(s.Registration),
		"calls":        calls,
		"dnd":          s.DND.On,
		"settings":     b.settingsPayload(),
		"goroutines":   runtime.NumGoroutine(), // by which is seen whether calls leave any behind
		"functions":    jsfunc.Live(),          // likewise of those that JavaScript was given
	}
}

func peerPayload(p phone.Peer) map[string]any {
	return map[string]any{"uri": p.URI, "name": p.Name}
}

// peerOrNull is null when there is nobody.
func peerOrNull(p *phone.Peer) any {
	if p == nil {
		return nil
	}
	return peerPayload(*p)
}

// causePayload is null when there is no cause.
func causePayload(c *phone.Cause) any {
	if c == nil {
		return nil
	}
	return map[string]any{"code": int64(c.Code), "reason": c.Reason}
}

// timePayload is ms since the epoch, null for what has not happened.
func timePayload(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

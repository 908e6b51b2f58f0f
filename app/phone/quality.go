package phone

import (
	"context"
	"slices"
	"strings"
	"time"

	"gocommunicator/app/bus"
	"gocommunicator/sipcore"
	"gocommunicator/sipcore/media"
	"gocommunicator/sipcore/quality"
	"gocommunicator/sipcore/session"
	"gocommunicator/sipcore/ua"
)

// Quality is how an answered call did since the one before. On the bus there are pointers to
// such, which nobody changes; of several that wait for one call the latest is delivered.
type Quality struct {
	CallID string
	Time   time.Time
	Grade  Grade
	quality.Sample
}

// Grade is how a call is, in a word.
type Grade = quality.Grade

// The grades.
const (
	QualityGood = quality.Good
	QualityFair = quality.Fair
	QualityBad  = quality.Bad
)

// How often a call is measured.
const (
	lookEvery = time.Second // at the beginning, and while somebody looks
	restEvery = 5           // times that long else
	eager     = 3           // looks at the beginning
	watched   = 3 * time.Second
	lookFor   = 4 * time.Second // the longest that a browser may take
	kept      = 300             // Qualities of a call
)

// measured is what can be: a *media.Conn is.
type measured interface {
	Stats(ctx context.Context) (media.Stats, error)
}

// watch measures an answered call until it ends. It belongs to the loop.
type watch struct {
	phone *Phone
	id    string
	view  *view
	agent *ua.UA
	conn  measured
	meter quality.Meter
	timer *sipcore.Timer
	turns int // of the timer
	over  bool
	stop  context.CancelFunc // ends a look; nil while none is under way
}

// watch begins to measure a call whose media flow.
func (p *Phone) watch(id string, v *view, conn measured) *watch {
	w := &watch{phone: p, id: id, view: v, agent: p.agent, conn: conn}
	w.meter.Add(media.Stats{}, now())
	w.arm()
	return w
}

// end ends that with the call: what came of it is reported, and given; nil when nothing was
// measured, as where there is no watch.
func (w *watch) end(s *session.Session) *quality.Summary {
	if w == nil {
		return nil
	}
	w.over = true
	w.timer.Stop()
	if w.stop != nil {
		w.stop()
	}
	w.phone.mu.Lock()
	n := len(w.view.samples)
	w.phone.mu.Unlock()
	if n == 0 {
		return nil
	}
	w.report(s)
	summary := w.meter.Summary()
	return &summary
}

func (w *watch) arm() {
	w.timer = w.phone.loop.After(lookEvery, func() {
		w.turns++
		if w.turns <= eager || w.turns%restEvery == 0 || w.looks() {
			w.look()
		}
		w.arm()
	})
}

// look measures, unless the browser has not yet answered the last time.
func (w *watch) look() {
	if w.stop != nil {
		return
	}
	ctx, stop := context.WithTimeout(context.Background(), lookFor)
	w.stop = stop
	go func() {
		stats, err := w.conn.Stats(ctx)
		stop()
		w.phone.loop.Post(func() {
			w.stop = nil
			if err == nil && !w.over {
				w.take(stats)
			}
		})
	}()
}

func (w *watch) take(stats media.Stats) {
	at := now()
	sample, _ := w.meter.Add(stats, at)
	q := &Quality{CallID: w.id, Time: at, Grade: w.meter.Grade, Sample: sample}
	p := w.phone
	p.mu.Lock()
	all := append(w.view.samples, q)
	w.view.samples = all[max(0, len(all)-kept):]
	p.mu.Unlock()
	bus.Publish(p.deps.Bus, q)
}

// report tells the collector of the settings, if there is one, how a call was. Whether that
// arrives is of no consequence.
func (w *watch) report(s *session.Session) {
	p, info, id := w.phone, s.Info(), s.Dialog()
	collector := p.deps.Config.Media.QualityCollector
	if collector == "" || w.agent == nil || info.Answered.IsZero() {
		return
	}
	to, err := sipcore.ParseAddress(collector, "")
	if err != nil {
		p.log.Warn("quality collector", "err", err)
		return
	}
	body := w.meter.Report(quality.Talk{
		CallID: id.CallID, LocalTag: id.LocalTag, RemoteTag: id.RemoteTag,
		Local: w.agent.AOR().AOR(), Remote: info.Remote.AOR(), Outgoing: info.Direction == session.Outgoing,
		Start: info.Answered, Stop: info.Ended, Group: UserAgent,
	})
	quality.Send(w.agent, to.URI, body, func(err error) {
		if err != nil {
			p.log.Info("quality report", "err", err)
		}
	})
}

// looks reports whether somebody looks at the figures of a call.
func (w *watch) looks() bool {
	w.phone.mu.Lock()
	defer w.phone.mu.Unlock()
	return now().Sub(w.view.looked) < watched
}

// Qualities are the latest of a call after a moment, oldest first. Who asks looks: for a
// few seconds the call is measured each second.
func (p *Phone) Qualities(id string, after time.Time) []*Quality {
	p.mu.Lock()
	defer p.mu.Unlock()
	v := p.views[id]
	if v == nil || len(v.samples) == 0 {
		return nil
	}
	v.looked = now()
	for i, q := range v.samples {
		if q.Time.After(after) {
			return slices.Clone(v.samples[i:])
		}
	}
	return nil
}

// figures are the names of the numbers in Plain.
const figures = "mos loss jitter audio video mos_out loss_out jitter_out audio_out video_out " +
	"rtt delay buffer concealed frames width height freezes"

// Plain is what a page gets: times in ms, loss in percent, rates in bit/s.
func (q *Quality) Plain() map[string]any {
	plain := map[string]any{
		"id": q.CallID, "time": q.Time.UnixMilli(), "grade": string(q.Grade),
		"codec": q.Codec, "route": q.Pair.Local, "protocol": q.Pair.Protocol,
	}
	in, out, ms := &q.In, &q.Out, quality.Ms
	for i, v := range [...]float64{
		in.MOS, 100 * in.Loss, ms(in.Jitter), in.Audio, in.Video, out.MOS, 100 * out.Loss, ms(out.Jitter), out.Audio, out.Video,
		ms(q.RTT), ms(q.Delay), ms(q.Buffer), 100 * q.Concealed, q.Frames, float64(q.Width), float64(q.Height), float64(q.Freezes),
	} {
		plain[strings.Fields(figures)[i]] = quality.Round(v)
	}
	return plain
}

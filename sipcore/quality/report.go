package quality

import (
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"

	"gocommunicator/sipcore"
)

// The event package and its content type (RFC 6035 §3, §6.2).
const (
	eventPackage = "vq-rtcpxr"
	contentType  = "application/vq-rtcpxr"
)

// Talk is what a report says about a call beside its quality.
type Talk struct {
	CallID, LocalTag, RemoteTag string // of its dialog
	Local, Remote               string // AORs
	Outgoing                    bool
	Start, Stop                 time.Time // of the talk
	Group                       string    // what this phone is called
}

// Report is the body of a session report (RFC 6035 §4.6) about a call that is over, as far as
// a browser tells: of bursts, levels and echo nothing is known. What the other side has
// reported by RTCP are the remote metrics.
func (m *Meter) Report(t Talk) string {
	caller, fromTag, toTag := t.Remote, t.RemoteTag, t.LocalTag
	if t.Outgoing {
		caller, fromTag, toTag = t.Local, t.LocalTag, t.RemoteTag
	}
	sound, pair := &m.last.Audio, &m.last.Pair
	_, domain, _ := strings.Cut(t.Remote, "@")
	b := body("VQSessionReport: CallTerm" +
		"\r\nCallID: " + t.CallID +
		"\r\nLocalID: <" + t.Local +
		">\r\nRemoteID: <" + t.Remote +
		">\r\nOrigID: <" + caller +
		">\r\nLocalGroup: " + t.Group +
		"\r\nRemoteGroup: " + domain +
		"\r\nLocalAddr: " + address(pair.LocalAddress, pair.LocalPort, sound.SSRCSent) +
		"\r\nRemoteAddr: " + address(pair.RemoteAddress, pair.RemotePort, sound.SSRCReceived))

	whole := Between(&m.first, &m.last, m.at.Sub(m.begun))
	c := codecOf(sound.Codec)
	name, rate, _ := strings.Cut(sound.Codec, "/")
	rate, _, _ = strings.Cut(rate, "/")
	describe := func(title string, packets uint64) {
		b += body("\r\n" + title + "Metrics:\r\nTimestamps: START=" + stamp(t.Start) + " STOP=" + stamp(t.Stop))
		if name != "" {
			b.add("SessionDesc", "PT PD="+name+" SR="+rate+" PPS PLC=3 SSUP=off",
				float64(sound.PayloadType), float64(packets)/max(m.at.Sub(m.begun).Seconds(), 1))
		}
	}
	estimate := func(loss float64) {
		rlq, rcq := Rating(0, loss, c.bpl), Rating(time.Duration(m.delay.value()*float64(time.Millisecond)), loss, c.bpl)
		b.add("QualityEst", "RLQ RCQ MOSLQ MOSCQ QoEEstAlg=G.107", rlq, rcq, MOS(rlq), MOS(rcq))
	}

	describe("Local", sound.PacketsReceived)
	b.add("JitterBuffer", "JBA=3 JBN", m.buffer.value())
	lost := max(0, float64(sound.PacketsLost))
	came := float64(sound.PacketsReceived) + lost
	b.add("PacketLoss", "NLR JDR", 100*share(lost, came), 100*share(float64(sound.PacketsDiscarded), came))
	b.add("Delay", "RTD ESD SOWD IAJ", m.rtt.value(), m.buffer.value()+Ms(c.delay), m.delay.value(), m.jitter.value())
	if m.in.seconds > 0 {
		estimate(whole.In.Loss)
	}
	if m.out.seconds > 0 {
		describe("Remote", sound.PacketsSent)
		b.add("PacketLoss", "NLR", 100*whole.Out.Loss)
		b.add("Delay", "RTD IAJ", m.rtt.value(), Ms(sound.RemoteJitter))
		estimate(whole.Out.Loss)
	}
	return string(b) + "\r\nDialogID: " + t.CallID + ";to-tag=" + toTag + ";from-tag=" + fromTag + "\r\n"
}

// body is a report that grows.
type body string

// add adds a line of figures: each name without a value takes the next one.
func (b *body) add(line, names string, values ...float64) {
	*b += body("\r\n" + line + ":")
	for _, name := range strings.Fields(names) {
		*b += body(" " + name)
		if strings.Contains(name, "=") {
			continue
		}
		digits := 0
		if strings.Contains("NLR JDR MOSLQ MOSCQ", name) {
			digits = 1
		}
		*b += body("=" + strconv.FormatFloat(values[0], 'f', digits, 64))
		values = values[1:]
	}
}

// address is an endpoint of media; 0.0.0.0 stands for one that the browser hides.
func address(ip string, port int, ssrc uint32) string {
	if ip == "" {
		ip = "0.0.0.0"
	}
	return "IP=" + ip + " PORT=" + strconv.Itoa(port) + " SSRC=0x" + strconv.FormatUint(uint64(ssrc), 16)
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// Send sends a report to a collector (RFC 6035 §3.8, RFC 3903 §4). It is told once and never
// refreshed: what was is no state. done is called once, on the loop, with nil when it was
// taken (2xx), else with a *sipcore.ResponseError or an error of the transaction.
func Send(agent sipcore.Agent, collector sip.Uri, report string, done func(error)) {
	req := agent.NewRequest(sip.PUBLISH, collector)
	kind := sip.ContentTypeHeader(contentType)
	req.AppendHeader(sip.NewHeader("Event", eventPackage))
	req.AppendHeader(&kind)
	req.SetBody([]byte(report))
	agent.Request(sipcore.Outgoing{Request: req, On: sipcore.Outcome(done)})
}

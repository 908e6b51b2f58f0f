package quality

import (
	"fmt"
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
	var b strings.Builder
	line := func(format string, args ...any) {
		fmt.Fprintf(&b, format, args...)
		b.WriteString("\r\n")
	}
	caller, fromTag, toTag := t.Remote, t.RemoteTag, t.LocalTag
	if t.Outgoing {
		caller, fromTag, toTag = t.Local, t.LocalTag, t.RemoteTag
	}
	sound, pair := m.last.Audio, m.last.Pair
	line("VQSessionReport: CallTerm")
	line("CallID: %s", t.CallID)
	line("LocalID: <%s>", t.Local)
	line("RemoteID: <%s>", t.Remote)
	line("OrigID: <%s>", caller)
	_, domain, _ := strings.Cut(t.Remote, "@")
	line("LocalGroup: %s", t.Group)
	line("RemoteGroup: %s", domain)
	line("LocalAddr: %s", address(pair.LocalAddress, pair.LocalPort, sound.SSRCSent))
	line("RemoteAddr: %s", address(pair.RemoteAddress, pair.RemotePort, sound.SSRCReceived))

	whole := Between(m.first, m.last, m.at.Sub(m.begun))
	seconds := max(m.at.Sub(m.begun).Seconds(), 1)
	describe := func(packets uint64) {
		line("Timestamps: START=%s STOP=%s", stamp(t.Start), stamp(t.Stop))
		name, rate, _ := strings.Cut(sound.Codec, "/")
		rate, _, _ = strings.Cut(rate, "/")
		if name != "" {
			line("SessionDesc: PT=%d PD=%s SR=%s PPS=%.0f PLC=3 SSUP=off", sound.PayloadType, name, rate, float64(packets)/seconds)
		}
	}
	c := codecOf(sound.Codec)
	delay := time.Duration(m.delay.value() * float64(time.Millisecond))
	estimate := func(loss float64) {
		rlq, rcq := Rating(0, loss, c.bpl), Rating(delay, loss, c.bpl)
		line("QualityEst: RLQ=%.0f RCQ=%.0f MOSLQ=%.1f MOSCQ=%.1f QoEEstAlg=G.107", rlq, rcq, MOS(rlq), MOS(rcq))
	}

	line("LocalMetrics:")
	describe(sound.PacketsReceived)
	line("JitterBuffer: JBA=3 JBN=%.0f", m.buffer.value())
	came := float64(sound.PacketsReceived) + float64(max(0, sound.PacketsLost))
	line("PacketLoss: NLR=%.1f JDR=%.1f", 100*share(float64(max(0, sound.PacketsLost)), came), 100*share(float64(sound.PacketsDiscarded), came))
	line("Delay: RTD=%.0f ESD=%.0f SOWD=%.0f IAJ=%.0f", m.rtt.value(), m.buffer.value()+Ms(c.delay), m.delay.value(), m.jitter.value())
	if m.in.seconds > 0 {
		estimate(whole.In.Loss)
	}
	if m.out.seconds > 0 {
		line("RemoteMetrics:")
		describe(sound.PacketsSent)
		line("PacketLoss: NLR=%.1f", 100*whole.Out.Loss)
		line("Delay: RTD=%.0f IAJ=%.0f", m.rtt.value(), Ms(sound.RemoteJitter))
		estimate(whole.Out.Loss)
	}
	line("DialogID: %s;to-tag=%s;from-tag=%s", t.CallID, toTag, fromTag)
	return b.String()
}

// address is an endpoint of media; 0.0.0.0 stands for one that the browser hides.
func address(ip string, port int, ssrc uint32) string {
	if ip == "" {
		ip = "0.0.0.0"
	}
	return fmt.Sprintf("IP=%s PORT=%d SSRC=0x%08x", ip, port, ssrc)
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
	agent.Request(sipcore.Outgoing{Request: req, On: func(res *sip.Response, err error) {
		switch {
		case err != nil:
			done(err)
		case res.IsProvisional():
		case res.IsSuccess():
			done(nil)
		default:
			done(sipcore.NewResponseError(res))
		}
	}})
}

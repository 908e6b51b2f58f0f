//go:build !js

package media

import (
	"fmt"
	"net"
	"slices"

	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/webrtc/v4"
)

// engine is what the platform shares between calls.
type engine struct{ api *webrtc.API }

func newEngine(cfg Config) (engine, error) {
	codecs := &webrtc.MediaEngine{}
	if err := registerCodecs(codecs, cfg); err != nil {
		return engine{}, fmt.Errorf("codecs: %w", err)
	}
	interceptors := &interceptor.Registry{}
	if err := webrtc.RegisterDefaultInterceptors(codecs, interceptors); err != nil {
		return engine{}, fmt.Errorf("interceptors: %w", err)
	}
	settings := webrtc.SettingEngine{LoggerFactory: loggers{cfg.Log}}
	settings.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	settings.SetIncludeLoopbackCandidate(cfg.Platform.Loopback)
	// A call ends by SIP. A connection that closes itself meanwhile could not be measured
	// without a race: see peer.stats.
	settings.DisableCloseByDTLS(true)
	// The default of 7 checks is over in less time than a busy machine may take to have
	// a TURN server let the other side in; where there is but one pair, that ends it.
	settings.SetICEMaxBindingRequests(40)
	if bind := cfg.Platform.Bind; bind.IsValid() {
		settings.SetIPFilter(func(ip net.IP) bool { return ip.Equal(bind.AsSlice()) })
	}
	return engine{api: webrtc.NewAPI(
		webrtc.WithMediaEngine(codecs),
		webrtc.WithInterceptorRegistry(interceptors),
		webrtc.WithSettingEngine(settings),
	)}, nil
}

func registerCodecs(m *webrtc.MediaEngine, cfg Config) error {
	for k, typ := range map[Kind]webrtc.RTPCodecType{Audio: webrtc.RTPCodecTypeAudio, Video: webrtc.RTPCodecTypeVideo} {
		all := codecsOf(k)
		if only := cfg.Platform.Codecs; only != nil {
			all = slices.DeleteFunc(all, func(c webrtc.RTPCodecParameters) bool {
				return !slices.Contains(only, name(c)) && name(c) != telephoneEvent
			})
		}
		names := make([]string, len(all))
		for i, c := range all {
			names[i] = name(c)
			if names[i] == "rtx" && i > 0 { // goes with the codec that it repeats
				names[i] = names[i-1]
			}
		}
		for _, i := range choose(k, names, cfg.codecs(k)) {
			if err := m.RegisterCodec(all[i], typ); err != nil {
				return err
			}
		}
	}
	return nil
}

func codecsOf(k Kind) []webrtc.RTPCodecParameters {
	return slices.DeleteFunc(codecs(), func(c webrtc.RTPCodecParameters) bool { return (c.ClockRate == 90000) != (k == Video) })
}

// known are the names of the codecs that there are.
func known(k Kind) []string {
	var names []string
	for _, c := range codecsOf(k) {
		names = append(names, name(c))
	}
	return names
}

// codecs are what can pass through here, in order of preference; nothing is encoded or
// decoded but G.711.
func codecs() []webrtc.RTPCodecParameters {
	audio := func(pt webrtc.PayloadType, mime string, rate uint32, channels uint16, fmtp string) webrtc.RTPCodecParameters {
		return webrtc.RTPCodecParameters{PayloadType: pt, RTPCodecCapability: webrtc.RTPCodecCapability{
			MimeType: mime, ClockRate: rate, Channels: channels, SDPFmtpLine: fmtp,
		}}
	}
	video := func(pt webrtc.PayloadType, mime, fmtp string) []webrtc.RTPCodecParameters {
		c := audio(pt, mime, 90000, 0, fmtp)
		c.RTCPFeedback = []webrtc.RTCPFeedback{
			{Type: "goog-remb"}, {Type: "ccm", Parameter: "fir"}, {Type: "nack"}, {Type: "nack", Parameter: "pli"},
		}
		return []webrtc.RTPCodecParameters{c, audio(pt+1, webrtc.MimeTypeRTX, 90000, 0, fmt.Sprintf("apt=%d", pt))}
	}
	const h264 = "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id="
	return slices.Concat(
		[]webrtc.RTPCodecParameters{
			audio(111, webrtc.MimeTypeOpus, 48000, 2, "minptime=10;useinbandfec=1"),
			audio(9, webrtc.MimeTypeG722, 8000, 0, ""),
			audio(0, webrtc.MimeTypePCMU, 8000, 0, ""),
			audio(8, webrtc.MimeTypePCMA, 8000, 0, ""),
			audio(110, "audio/telephone-event", 48000, 0, "0-15"),
			audio(126, "audio/telephone-event", 8000, 0, "0-15"),
		},
		video(96, webrtc.MimeTypeVP8, ""),
		video(102, webrtc.MimeTypeH264, h264+"42e01f"),
		video(104, webrtc.MimeTypeH264, h264+"42001f"),
		video(98, webrtc.MimeTypeVP9, "profile-id=0"),
	)
}

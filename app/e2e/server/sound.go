//go:build linux

package server

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gocommunicator/app/e2e/need"
)

// The microphones of Sound: what a browser calls the headset, and the tones in Hz that
// they hear.
const (
	Headset     = "Sine source at 520 Hz"
	HeadsetTone = 520
	BuiltInTone = 360
)

// Sound is a running sound server whose devices are no hardware: a microphone that stays,
// a headset's that is plugged in, and the loudspeakers Box and Desk, "box" and "desk".
type Sound struct {
	Env    string // has a program use it
	module string // the headset's
}

// StartSound starts PulseAudio until the end of the test.
func StartSound(t testing.TB) *Sound {
	t.Helper()
	program := need.Program(t, "pulseaudio", "/usr/bin/pulseaudio")
	need.Program(t, "pactl")
	dir, err := os.MkdirTemp("", "sound-") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	socket := filepath.Join(dir, "native")
	cmd := exec.Command(program, "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disallow-exit=yes", "--log-target=stderr",
		"-L", "module-native-protocol-unix auth-anonymous=1 socket="+socket,
		"-L", "module-null-sink sink_name=box sink_properties=device.description=Box",
		"-L", "module-null-sink sink_name=desk sink_properties=device.description=Desk",
		"-L", fmt.Sprintf("module-sine-source source_name=built frequency=%d", BuiltInTone))
	cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_RUNTIME_DIR="+dir, "PULSE_RUNTIME_PATH="+dir)
	ended := Start(t, cmd)
	for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		if _, err := os.Stat(socket); err == nil {
			break
		}
		select {
		case <-ended:
			t.Fatal("PulseAudio has ended")
		default:
		}
		if time.Now().After(deadline) {
			t.Fatal("PulseAudio does not listen")
		}
	}
	s := &Sound{Env: "PULSE_SERVER=unix:" + socket}
	s.control(t, "set-default-source", "built")
	s.control(t, "set-default-sink", "box")
	s.Plug(t)
	return s
}

// Plug plugs the headset in.
func (s *Sound) Plug(t testing.TB) {
	t.Helper()
	s.module = s.control(t, "load-module", "module-sine-source", "source_name=headset", fmt.Sprintf("frequency=%d", HeadsetTone))
}

// Unplug pulls it out.
func (s *Sound) Unplug(t testing.TB) {
	t.Helper()
	s.control(t, "unload-module", s.module)
}

func (s *Sound) control(t testing.TB, words ...string) string {
	t.Helper()
	cmd := exec.Command("pactl", words...)
	cmd.Env = append(os.Environ(), s.Env)
	said, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("pactl %s: %v: %s", strings.Join(words, " "), err, said)
	}
	return strings.TrimSpace(string(said))
}

// Hears waits until a tone comes out of a loudspeaker.
func (s *Sound) Hears(t testing.TB, speaker string, hertz int) {
	t.Helper()
	s.until(t, speaker, func(pcm []int16) bool { return amplitude(pcm, hertz) > 0.01 })
}

// HearsNothing waits until a loudspeaker is silent.
func (s *Sound) HearsNothing(t testing.TB, speaker string) {
	t.Helper()
	s.until(t, speaker, func(pcm []int16) bool {
		for _, sample := range pcm {
			if sample > 30 || sample < -30 {
				return false
			}
		}
		return true
	})
}

const (
	soundRate = 8000
	window    = soundRate * 6 / 10 // a tone that beeps is in it
)

// until listens to what a loudspeaker plays until it is as wanted for 0.6 s.
func (s *Sound) until(t testing.TB, speaker string, is func([]int16) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "parec", "--device="+speaker+".monitor", "--raw", "--format=s16le", "--channels=1",
		fmt.Sprintf("--rate=%d", soundRate), "--latency-msec=50")
	cmd.Env = append(os.Environ(), s.Env)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		cancel()
		_ = cmd.Wait() // it was killed
	}()
	raw := make([]byte, 2*window)
	for {
		if _, err := io.ReadFull(out, raw); err != nil {
			t.Fatalf("%s: never so: %v", speaker, err)
		}
		pcm := make([]int16, window)
		_ = binary.Read(bytes.NewReader(raw), binary.LittleEndian, pcm) // of memory, of fixed size: it cannot fail
		if is(pcm) {
			return
		}
	}
}

// amplitude is that of a tone, of 1 (Goertzel).
func amplitude(pcm []int16, hertz int) float64 {
	var s1, s2 float64
	k := 2 * math.Cos(2*math.Pi*float64(hertz)/soundRate)
	for _, sample := range pcm {
		s1, s2 = float64(sample)/math.MaxInt16+k*s1-s2, s1
	}
	return 2 * math.Sqrt(math.Max(0, s1*s1+s2*s2-k*s1*s2)) / float64(len(pcm))
}

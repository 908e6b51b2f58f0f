//go:build !js

package devserver

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // what the credentials of TURN servers are made with
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/pion/turn/v5"
	"golang.org/x/net/netutil"
)

const (
	// turnConnections bounds the clients over tcp.
	turnConnections = 500
	// turnAllocations bounds the relays in use at the same time.
	turnAllocations = 500
	// turnLifetime is how long the credentials of a config.json are good. A page
	// that stays open longer has to be loaded again for calls through the relay.
	turnLifetime = 24 * time.Hour
)

// turnServer is STUN and TURN on one port, udp and tcp.
type turnServer struct {
	*turn.Server
	port   int
	secret string
	relays atomic.Int64 // in use
}

// newTURN starts STUN and TURN. Its users are made by credentials.
func newTURN(s *settings) (*turnServer, error) {
	udp, tcp, err := listenBoth(s.Addr, s.TURNPort)
	if err != nil {
		return nil, err
	}
	t := &turnServer{port: udp.LocalAddr().(*net.UDPAddr).Port, secret: s.turnSecret}
	log := s.Log.With("part", "turn")
	relay := &turn.RelayAddressGeneratorStatic{RelayAddress: s.relay.AsSlice(), Address: s.Addr}
	permit := func(_ net.Addr, peer net.IP) bool {
		ok := mayRelayTo(peer, s.addr.IsLoopback(), isOwnAddress)
		if !ok {
			log.Warn("relay refused: this address is not to be reached through it", "peer", peer)
		}
		return ok
	}
	t.Server, err = turn.NewServer(turn.ServerConfig{
		Realm:         s.Domain,
		AuthHandler:   t.authenticate,
		LoggerFactory: pionLog{log},
		QuotaHandler:  func(string, string, net.Addr) bool { return t.relays.Load() < turnAllocations },
		EventHandler: turn.EventHandler{
			OnAllocationCreated: func(_, _ net.Addr, _, _, _ string, _ net.Addr, _ int) { t.relays.Add(1) },
			OnAllocationDeleted: func(_, _ net.Addr, _, _, _ string) { t.relays.Add(-1) },
		},
		PacketConnConfigs: []turn.PacketConnConfig{{
			PacketConn: udp, RelayAddressGenerator: relay, PermissionHandler: permit,
		}},
		ListenerConfigs: []turn.ListenerConfig{{
			Listener:              netutil.LimitListener(tcp, turnConnections),
			RelayAddressGenerator: relay, PermissionHandler: permit,
		}},
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("TURN: %w", err), udp.Close(), tcp.Close())
	}
	return t, nil
}

// listenBoth opens the same port for udp and tcp. Port 0 is one free for both.
func listenBoth(addr string, port int) (net.PacketConn, net.Listener, error) {
	const attempts = 10
	var err error
	for range attempts {
		var udp net.PacketConn
		if udp, err = net.ListenPacket("udp", net.JoinHostPort(addr, strconv.Itoa(port))); err != nil {
			return nil, nil, listenError(err, addr, port, "TURN_PORT")
		}
		chosen := udp.LocalAddr().(*net.UDPAddr).Port
		var tcp net.Listener
		if tcp, err = net.Listen("tcp", net.JoinHostPort(addr, strconv.Itoa(chosen))); err == nil {
			return udp, tcp, nil
		}
		err = errors.Join(listenError(err, addr, chosen, "TURN_PORT"), udp.Close())
		if port != 0 {
			break
		}
	}
	return nil, nil, err
}

// credentials makes a user for some time, after the manner of coturn's
// use-auth-secret: the name is the time of its end, the password its seal.
func (t *turnServer) credentials() (user, password string) {
	user = strconv.FormatInt(time.Now().Add(turnLifetime).Unix(), 10) + ":page"
	return user, t.password(user)
}

func (t *turnServer) password(user string) string {
	mac := hmac.New(sha1.New, []byte(t.secret))
	mac.Write([]byte(user))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func (t *turnServer) authenticate(r *turn.RequestAttributes) (id string, key []byte, ok bool) {
	end, _, _ := strings.Cut(r.Username, ":")
	seconds, err := strconv.ParseInt(end, 10, 64)
	if err != nil || time.Now().Unix() >= seconds {
		return "", nil, false
	}
	return r.Username, turn.GenerateAuthKey(r.Username, r.Realm, t.password(r.Username)), true
}

// mayRelayTo says to whom relayed media may go. A server on loopback serves this
// machine and nothing else; one on a network must not be a way into its own machine.
func mayRelayTo(peer net.IP, onLoopback bool, own func(netip.Addr) bool) bool {
	ip, ok := netip.AddrFromSlice(peer)
	ip = ip.Unmap()
	switch {
	case !ok, ip.IsUnspecified(), ip.IsMulticast():
		return false
	case onLoopback:
		return ip.IsLoopback() || own(ip)
	default:
		return !ip.IsLoopback() && !ip.IsLinkLocalUnicast()
	}
}

// isOwnAddress reports whether an interface of this machine has the address.
func isOwnAddress(ip netip.Addr) bool {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return false
	}
	for _, a := range addrs {
		if prefix, err := netip.ParsePrefix(a.String()); err == nil && prefix.Addr().Unmap() == ip {
			return true
		}
	}
	return false
}

// listenError names the setting by which another port is chosen.
func listenError(err error, addr string, port int, setting string) error {
	if isTaken(err) {
		return fmt.Errorf("port %d on %s is taken by another program: choose another with %s=…: %w", port, addr, setting, err)
	}
	return fmt.Errorf("listen: %w", err)
}

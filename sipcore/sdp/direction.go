package sdp

import "slices"

// Direction is which way media flows, seen by the author of a description
// (RFC 8866 §6.7).
type Direction int

// The directions. The bits are: sends, receives.
const (
	Inactive Direction = 0
	SendOnly Direction = 1
	RecvOnly Direction = 2
	SendRecv Direction = 3
)

var directionNames = [...]string{"inactive", "sendonly", "recvonly", "sendrecv"}

func (d Direction) String() string { return directionNames[d&SendRecv] }

// Sends tells whether the author sends.
func (d Direction) Sends() bool { return d&SendOnly != 0 }

// Receives tells whether the author receives.
func (d Direction) Receives() bool { return d&RecvOnly != 0 }

// Reverse is the direction as the other side sees it.
func (d Direction) Reverse() Direction {
	return d&SendOnly<<1 | d&RecvOnly>>1
}

// Intersect is what is left of both.
func (d Direction) Intersect(o Direction) Direction { return d & o }

// Answer is the direction to answer an offered one with by somebody who would like
// wanted (RFC 3264 §6.1).
func Answer(offered, wanted Direction) Direction {
	return offered.Reverse().Intersect(wanted)
}

// contradicts tells whether the line says more than one direction for itself.
func (s section) contradicts() bool {
	first, _ := s.direction()
	for _, line := range s {
		name, _ := attributeOf(line)
		if d := slices.Index(directionNames[:], name); d >= 0 && Direction(d) != first {
			return true
		}
	}
	return false
}

// direction is the first that is said.
func (s section) direction() (Direction, bool) {
	for _, line := range s {
		name, _ := attributeOf(line)
		if d := slices.Index(directionNames[:], name); d >= 0 {
			return Direction(d), true
		}
	}
	return SendRecv, false
}

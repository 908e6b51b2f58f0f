package ua

import (
	"gocommunicator/sipcore/media"
	"gocommunicator/sipcore/session"
)

// MediaStates are the states of a connection of package media as a session knows them;
// it has no word for the others.
var MediaStates = map[media.ConnState]session.MediaState{
	media.StateConnecting:   session.MediaConnecting,
	media.StateConnected:    session.MediaConnected,
	media.StateDisconnected: session.MediaDisconnected,
	media.StateFailed:       session.MediaFailed,
}

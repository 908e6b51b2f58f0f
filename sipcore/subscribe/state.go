package subscribe

// State is where a subscription stands (RFC 6665 §4.1.2).
//
//	   ┌──────────────again──────────────┐
//	   ▼                                 │
//	Waiting ──NOTIFY──▶ Pending ──▶ Active
//	 │ ▲ │                 │ │         │ │   refreshed in both
//	 │ │ └──try later──▶ Retrying ◀────┴─│── ended for now
//	 │ └──────due────────┘               │
//	 ├────── refused, or ended for good ─┴──────▶ Terminated
//	 └──── Stop, from any ──▶ Stopping ───any end────▲
type State int

const (
	// Waiting: asked for, and no NOTIFY has come.
	Waiting State = iota
	// Pending: the notifier has not decided whether it will tell.
	Pending
	// Active: the notifier tells.
	Active
	// Retrying: there is none, and it is asked for again in a while.
	Retrying
	// Stopping: not wanted any more, and the notifier has not confirmed.
	Stopping
	// Terminated: over for good.
	Terminated

	stateCount = iota
)

// String is the state in lower case.
func (s State) String() string {
	names := [stateCount]string{"waiting", "pending", "active", "retrying", "stopping", "terminated"}
	if s < 0 || s >= stateCount {
		return "unknown"
	}
	return names[s]
}

// input is what may happen to a subscription.
type input int

const (
	inAccepted    input = iota // 2xx to a SUBSCRIBE
	inTooBrief                 // 423, and a longer time can be asked for
	inGone                     // 481: the notifier knows nothing of it
	inRefused                  // a final answer that stays the same however often one asks
	inUnavailable              // no answer, or one that asks to try later
	inPending                  // NOTIFY: pending
	inActive                   // NOTIFY: active
	inEnded                    // NOTIFY: terminated, to be asked for anew
	inEndedLater               // likewise, after a while
	inOver                     // likewise, and not to be asked for again
	inSilent                   // no NOTIFY came in time
	inDue                      // the timer: time to refresh or to try again
	inStop                     // not wanted any more

	inputCount = iota
)

// action is what a transition sets off.
type action int

const (
	none    action = iota // stay as it is
	ask                   // SUBSCRIBE outside of any dialog
	refresh               // SUBSCRIBE in the dialog
	expect                // set the timer for the NOTIFY that has to come
	renew                 // set the timer for the refresh
	retry                 // set the timer for another try
	leave                 // SUBSCRIBE that ends it
	end                   // forget it
)

// transition is what an input leads to; the zero value is none: it does not matter in that
// state.
type transition struct {
	next State
	do   action
}

// transitions is the whole behaviour.
var transitions = [stateCount][inputCount]transition{
	Waiting: {
		inAccepted:    {Waiting, expect},
		inTooBrief:    {Waiting, ask},
		inGone:        {Retrying, retry},
		inRefused:     {Terminated, end},
		inUnavailable: {Retrying, retry},
		inPending:     {Pending, renew},
		inActive:      {Active, renew},
		inEnded:       {Retrying, retry}, // nothing was told: not at once
		inEndedLater:  {Retrying, retry},
		inOver:        {Terminated, end},
		inSilent:      {Retrying, retry},
		inStop:        {Stopping, leave},
	},
	Pending: {
		inAccepted:    {current, renew},
		inTooBrief:    {current, refresh},
		inGone:        {Waiting, ask},
		inRefused:     {Terminated, end},
		inUnavailable: {Retrying, retry},
		inPending:     {Pending, renew},
		inActive:      {Active, renew},
		inEnded:       {Waiting, ask},
		inEndedLater:  {Retrying, retry},
		inOver:        {Terminated, end},
		inDue:         {current, refresh},
		inStop:        {Stopping, leave},
	},
	Active: {
		inAccepted:    {current, renew},
		inTooBrief:    {current, refresh},
		inGone:        {Waiting, ask},
		inRefused:     {Terminated, end},
		inUnavailable: {Retrying, retry},
		inPending:     {Pending, renew},
		inActive:      {Active, renew},
		inEnded:       {Waiting, ask},
		inEndedLater:  {Retrying, retry},
		inOver:        {Terminated, end},
		inDue:         {current, refresh},
		inStop:        {Stopping, leave},
	},
	Retrying: {
		inDue:  {Waiting, ask},
		inStop: {Terminated, end},
	},
	Stopping: {
		inAccepted:    {Stopping, expect},
		inGone:        {Terminated, end},
		inRefused:     {Terminated, end},
		inUnavailable: {Terminated, end},
		inTooBrief:    {Terminated, end},
		inEnded:       {Terminated, end},
		inEndedLater:  {Terminated, end},
		inOver:        {Terminated, end},
		inSilent:      {Terminated, end},
	},
}

// current stands for the state in which a subscription is: of the two that know the notifier
// it says which.
const current State = -1

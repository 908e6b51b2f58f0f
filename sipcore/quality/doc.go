// Package quality says how well a call is heard: from the statistics of its media
// (package media) it makes figures for the time between two looks ([Between]), an opinion
// score by the E-model ([MOS]), a grade that does not flicker and a summary of the whole
// call ([Meter]), and the report that a collector gets ([Report], [Send]).
//
// Nothing here has a goroutine or a clock of its own. Follows ITU-T G.107 and G.113
// Appendix I, and RFC 6035 with RFC 3903. Left out: interval and alert reports, RTCP XR
// on the wire, which browsers do not send, and opinion scores of pictures.
package quality

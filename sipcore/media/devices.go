package media

// has tells whether there is something to be sent of a kind.
func (d *devices) has(k Kind) bool {
	_, ok := d.track(k)
	return ok
}

// stop gives every device back for good.
func (d *devices) stop() {
	d.mu.Lock()
	d.stopped = true
	d.mu.Unlock()
	for _, k := range [...]Kind{Audio, Video, Screen} {
		d.release(k)
	}
}

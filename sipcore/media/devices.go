package media

// stop gives every device back for good.
func (d *devices) stop() {
	d.mu.Lock()
	d.stopped = true
	d.mu.Unlock()
	for _, k := range kinds {
		d.release(k)
	}
}

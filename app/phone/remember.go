package phone

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"gocommunicator/app/config"
	"gocommunicator/sipcore"
	"gocommunicator/sipcore/auth"
)

// storedLogin is what a login is kept under.
const storedLogin = "login"

// rememberTimeout is how long the browser may take to encrypt or decrypt.
const rememberTimeout = 5 * time.Second

// remembered is a login as it is kept, encrypted: what proves the person, and where it
// may be sent. The password is not in it.
type remembered struct {
	Servers     []string           `json:"servers"`
	Registrar   string             `json:"registrar"`
	URI         string             `json:"uri"`
	AuthUser    string             `json:"auth_user"`
	DisplayName string             `json:"display_name"`
	Digests     []rememberedDigest `json:"digests"`
}

type rememberedDigest struct {
	Realm     string `json:"realm"`
	Algorithm string `json:"algorithm"`
	HA1       string `json:"ha1"` // in the clear, unlike auth.HA1
}

// LoginRemembered logs in as who wanted to stay logged in, if there is somebody and the
// settings name nobody else. What was kept for other servers than those of the settings
// is forgotten. It waits for the store.
func (p *Phone) LoginRemembered() (known bool) {
	found := make(chan bool, 1)
	p.keeper.Post(func() {
		kept, ok := p.recall()
		if ok {
			p.loop.Post(func() { p.loginAs(kept) })
		}
		found <- ok
	})
	select {
	case known = <-found:
	case <-p.done:
	}
	return known
}

// recall reads what is kept, as far as it may be used. Keeper.
func (p *Phone) recall() (kept remembered, ok bool) {
	ctx, cancel := context.WithTimeout(context.Background(), rememberTimeout)
	defer cancel()
	text, err := p.deps.Store.Unseal(ctx, storedLogin)
	if err == nil && text == nil {
		return kept, false
	}
	if err == nil {
		err = json.Unmarshal(text, &kept)
	}
	cfg := p.settings()
	elsewhere := !slices.Equal(kept.Servers, serversOf(cfg)) || kept.Registrar != cfg.Registration.Server
	if err != nil || elsewhere && !discovers(cfg) { // loginKept compares with what the domain says
		p.log.Info("what was remembered for another server is forgotten", "err", err)
		p.unremember(ctx)
		return kept, false
	}
	user := cfg.User
	if user.SIPAuthUser != "" && user.SIPAuthUser != kept.AuthUser {
		return kept, false
	}
	if user.URI == "" {
		return kept, true
	}
	wanted, err := sipcore.ParseAddress(user.URI, "")
	return kept, err == nil && wanted.AOR() == kept.URI
}

// serversOf are those that a credential may be sent to.
func serversOf(cfg config.Config) []string {
	var urls []string
	for _, s := range cfg.WebSocket.Servers {
		urls = append(urls, s.URL)
	}
	slices.Sort(urls)
	return urls
}

// loginAs logs in with what was kept, unless somebody has logged in meanwhile.
func (p *Phone) loginAs(kept remembered) {
	account, err := sipcore.ParseAddress(kept.URI, "")
	if err != nil || p.closing || p.agent != nil {
		return
	}
	account.Name = kept.DisplayName
	who := auth.Credentials{Username: kept.AuthUser}
	for _, d := range kept.Digests {
		who.Digests = append(who.Digests, auth.Digest{Realm: d.Realm, Algorithm: d.Algorithm, HA1: auth.HA1(d.HA1)})
	}
	if discovers(p.deps.Config) {
		p.loginKept(account, who, kept)
		return
	}
	p.start(account, who, false)
}

// remember keeps what the password came to at the servers that have accepted it, if the
// person wants that and there is something new.
func (p *Phone) remember() {
	if p.keep == nil || p.agent == nil {
		return
	}
	digests := p.agent.Digests()
	if len(digests) == len(p.keep.Digests) {
		return // each realm has one for each algorithm: more come, none change
	}
	kept := *p.keep
	kept.Digests = nil
	for _, d := range digests {
		kept.Digests = append(kept.Digests, rememberedDigest{d.Realm, d.Algorithm, string(d.HA1)})
	}
	p.keep.Digests = kept.Digests
	text, err := json.Marshal(kept)
	if err != nil {
		return // texts alone: it never fails
	}
	p.keeping(func(ctx context.Context) {
		if err := p.deps.Store.Seal(ctx, storedLogin, text); err != nil {
			p.log.Warn("the login is not remembered", "err", err)
		}
		clear(text)
	})
}

// ForgetLogin forgets who wanted to stay logged in. Whoever is logged in still is.
func (p *Phone) ForgetLogin() {
	p.loop.Post(func() {
		p.keep, p.stay, p.recalled = nil, false, false
		p.keeping(p.unremember)
	})
}

// unremember forgets what is kept. Keeper.
func (p *Phone) unremember(ctx context.Context) {
	if err := p.deps.Store.Unset(ctx, storedLogin); err != nil {
		p.log.Warn("what was remembered may still be there", "err", err)
	}
}

// keeping has the keeper do something with the store.
func (p *Phone) keeping(do func(context.Context)) {
	p.keeper.Post(func() {
		ctx, cancel := context.WithTimeout(context.Background(), rememberTimeout)
		defer cancel()
		do(ctx)
	})
}

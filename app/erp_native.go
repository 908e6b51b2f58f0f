//go:build !js

package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"

	"gocommunicator/app/devserver"
	"gocommunicator/app/sample"
)

// erp runs the sample ERP, and the embedded server with the phone beside it, until it is
// interrupted.
func erp(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("erp", flag.ContinueOnError)
	dir := flags.String("dir", "build/site", "directory of the built page")
	level := slog.LevelWarn
	flags.TextVar(&level, "log", slog.LevelWarn, "what to log: debug, info, warn or error")
	var phone devserver.Config
	flags.IntVar(&phone.Port, "port", 8080, "port of the phone's page and of SIP over WebSocket at /sip")
	flags.IntVar(&phone.TURNPort, "turn-port", 3478, "port of STUN and TURN, udp and tcp; -1 for none")
	var cfg sample.Config
	pages := flags.String("pages", "web/samples/erp", "directory of the ERP's pages")
	flags.IntVar(&cfg.Port, "erp-port", 8090, "port of the ERP")
	flags.StringVar(&cfg.Database, "db", "build/erp.db", "file of the ERP's database; empty for one that is gone afterwards")
	flags.StringVar(&cfg.Account, "account", "alice", "account of the embedded server that the phone in the ERP has")
	if err := flags.Parse(args); err != nil {
		return err
	}
	for _, file := range []string{*dir + "/embed.js", *pages + "/index.html"} {
		if _, err := os.Stat(file); err != nil {
			return fmt.Errorf("there is no %s: call this where the project is, after `make build`", file)
		}
	}
	phone.Log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
	phone.Page = os.DirFS(*dir)
	server, err := devserver.New(phone)
	if err != nil {
		return err
	}
	if err := server.Start(ctx); err != nil {
		return err
	}
	cfg.Log, cfg.Pages, cfg.Phone = phone.Log, os.DirFS(*pages), server.URL()
	err = serveERP(ctx, cfg, out)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	return errors.Join(err, server.Shutdown(ctx))
}

func serveERP(ctx context.Context, cfg sample.Config, out io.Writer) error {
	s, err := sample.New(cfg)
	if err != nil {
		return err
	}
	if err := s.Start(ctx); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, `The sample ERP is ready.

  ERP        %s (its phone is %s)
  phone      %s
  to call    Bob, who is in %[3]s?account=bob, or Echo: both are contacts of Aardvark Trading
  database   %s
`, s.URL(), cfg.Account, cfg.Phone, cmp.Or(cfg.Database, "in memory"))
	if err == nil {
		<-ctx.Done()
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	return errors.Join(err, s.Shutdown(ctx))
}

//go:build !js

// GoCommunicator: the phone in the page, and natively the servers and tools around it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"gocommunicator/app/devserver"
)

const usage = `usage: app COMMAND [FLAGS]

  serve   serve the page with a SIP server, TURN and an echo service, for trying out
  erp     serve the same and, on another port, a small ERP that has the phone in its pages
  site    write the page as a static host serves it
  check   tell the mistakes in a config.json

Each command tells its flags with -h.
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(os.Stderr, "app:", err)
		}
		stop()
		os.Exit(1) //nolint:forbidigo // this is main
	}
}

// errUsage says that there is no such command.
var errUsage = errors.New("no such command")

func run(ctx context.Context, args []string, out io.Writer) error {
	if len(args) == 0 {
		fmt.Fprint(os.Stderr, usage)
		return errUsage
	}
	switch args[0] {
	case "serve":
		return serve(ctx, args[1:], out)
	case "erp":
		return erp(ctx, args[1:], out)
	case "site":
		return writeSite(ctx, args[1:], out)
	case "check":
		return check(args[1:], out)
	default:
		fmt.Fprint(os.Stderr, usage)
		return fmt.Errorf("%w: %s", errUsage, args[0])
	}
}

// shutdownTimeout is how long running requests may take when the server is stopped.
const shutdownTimeout = 5 * time.Second

// serve runs the embedded server until it is interrupted.
func serve(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	dir := flags.String("dir", "build/site", "directory of the built page")
	level := slog.LevelWarn
	flags.TextVar(&level, "log", slog.LevelWarn, "what to log: debug, info, warn or error")
	var cfg devserver.Config
	flags.StringVar(&cfg.Addr, "addr", "127.0.0.1", "IP address to listen on; any but loopback needs -accounts")
	flags.IntVar(&cfg.Port, "port", 8080, "port of the page and of SIP over WebSocket at /sip")
	flags.IntVar(&cfg.TURNPort, "turn-port", 3478, "port of STUN and TURN, udp and tcp; -1 for none")
	flags.StringVar(&cfg.RelayAddr, "relay-addr", "", "IP address at which relayed media is reached (default that of -addr)")
	flags.StringVar(&cfg.Domain, "domain", "localhost", "domain of the accounts")
	flags.StringVar(&cfg.AccountsFile, "accounts", "", "JSON file of accounts instead of alice, bob, carol and dave")
	if err := flags.Parse(args); err != nil {
		return err
	}
	cfg.Page = os.DirFS(*dir)
	cfg.Log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
	if _, err := os.Stat(*dir + "/index.html"); err != nil {
		return fmt.Errorf("there is no page in %s: build it first with `make build`", *dir)
	}
	server, err := devserver.New(cfg)
	if err != nil {
		return err
	}
	if err := server.Start(ctx); err != nil {
		return err
	}
	if err := server.Banner(out); err != nil {
		return err
	}
	<-ctx.Done()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	return server.Shutdown(ctx)
}

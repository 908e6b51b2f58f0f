//go:build !js

package config_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"gocommunicator/app/config"
)

// effects names for each key the test that shows what the key does, on the screen or on
// the wire: folder, function and, if it is one of several, its name there.
var effects = map[string]string{
	"webserver.url_prefix": "app/e2e TestLanguageSettings url_prefix",

	"stun_servers":          "app/e2e TestServersForMediaReachTheBrowser",
	"turn_servers":          "app/e2e TestServersForMediaReachTheBrowser",
	"turn_servers.server":   "app/e2e TestRelayOnlyCallGoesThroughTURN",
	"turn_servers.username": "app/phone TestTURNWithoutUserGetsTheCredentialsOfTheAccount",
	"turn_servers.password": "app/phone TestTURNWithoutUserGetsTheCredentialsOfTheAccount",
	"stun_servers.server":   "app/phone TestTURNWithoutUserGetsTheCredentialsOfTheAccount",

	"websocket.servers":                          "app/phone TestConnectionSettingsOnTheWire servers",
	"websocket.servers.url":                      "app/phone TestConnectionSettingsOnTheWire servers",
	"websocket.servers.weight":                   "sipcore/link TestRoundTriesHeavierServersFirstAndEachOnce",
	"websocket.connection_recovery_min_interval": "app/phone TestConnectionSettingsOnTheWire connection_recovery",
	"websocket.connection_recovery_max_interval": "app/phone TestConnectionSettingsOnTheWire connection_recovery",
	"websocket.connect_timeout":                  "app/phone TestConnectionSettingsOnTheWire connect_timeout",
	"websocket.keep_alive":                       "app/phone TestConnectionSettingsOnTheWire keep_alive",

	"user.display_name":           "app/phone TestRegistrationSettingsOnTheWire display_name",
	"user.uri":                    "app/e2e TestPasswordThatIsNullAsksAndOneThatIsEmptyDoesNot",
	"user.sip_auth_user":          "app/phone TestRegistrationSettingsOnTheWire sip_auth_user",
	"user.sip_auth_password":      "app/e2e TestPasswordThatIsNullAsksAndOneThatIsEmptyDoesNot",
	"user.sip_auth_user_full_uri": "app/phone TestRegistrationSettingsOnTheWire sip_auth_user_full_uri",

	"registration.on_startup":   "app/phone TestRegistrationSettingsOnTheWire on_startup false",
	"registration.expiry":       "app/phone TestRegistrationSettingsOnTheWire expiry",
	"registration.user_control": "app/e2e TestRegistrationIsTheirsWhenTheSettingsSaySo",
	"registration.server":       "app/phone TestRegistrationSettingsOnTheWire server",

	"dialing.auto_dial.default_destination": "app/e2e TestDialingSettings clear_dialbox false",
	"dialing.auto_dial.on_startup":          "app/e2e TestDialingSettings auto_dial.on_startup",
	"dialing.auto_dial.use_video":           "app/e2e TestDialingSettings auto_dial.on_startup",
	"dialing.edit_destination":              "app/e2e TestDialingSettings edit_destination false",
	"dialing.show_destination":              "app/e2e TestDialingSettings show_destination false",
	"dialing.audio_dialing":                 "app/e2e TestDialingSettings audio_dialing false",
	"dialing.video_dialing":                 "app/e2e TestDialingSettings video_dialing false",
	"dialing.prefer_video":                  "app/e2e TestDialingSettings prefer_video true",
	"dialing.no_answer_timeout":             "app/phone TestCallSettingsOnTheWire",
	"dialing.clear_dialbox":                 "app/e2e TestDialingSettings clear_dialbox true",

	"dialing.anonymous":            "app/phone TestCallerHidesAsSetOrAsked",
	"dialing.country_code":         "app/phone TestNumbersAreDialledAsTheSettingsSay",
	"dialing.international_prefix": "app/phone TestNumbersAreDialledAsTheSettingsSay",
	"dialing.national_prefix":      "app/phone TestNumbersAreDialledAsTheSettingsSay",
	"dialing.outside_line":         "app/phone TestNumbersAreDialledAsTheSettingsSay",
	"dialing.internal_digits":      "app/phone TestNumbersAreDialledAsTheSettingsSay",

	"dialing.emergency_numbers": "app/phone TestWhatIsDoneWithACallByItself other emergency numbers",

	"contacts.lookup_url":        "app/phone TestCallersAreLookedUpAtTheServerOfTheSettings",
	"contacts.lookup_timeout_ms": "app/phone TestCallersAreLookedUpAtTheServerOfTheSettings",

	"chat.enable":       "app/phone TestMessagesAreRefusedWithoutChat",
	"chat.send_display": "app/phone TestSenderIsToldOnlyWhatItAskedAndWhatHappened",

	"session.max_calls":               "app/phone TestSecondCallGetsBusy",
	"session.show_dtmf_pad":           "ui TestKeysAreNotOfferedWhereTheyAreTurnedOffOrOfNoUse",
	"session.dtmf_duration":           "app/e2e TestKeysToTheEchoServiceAreSaidBack",
	"session.transfer":                "app/phone TestBeingTransferred allowed",
	"session.dtmf_method":             "app/e2e TestKeysBetweenPagesGoInTheSoundOrAsInfo INFO as set",
	"session.dialpad_tone":            "app/e2e TestKeysAreHeardWhenTheSettingsSaySo",
	"session.message_tone":            "app/e2e TestMessageToneIsOffWhenTheSettingsSaySo",
	"session.recording":               "app/phone TestCallIsRecordedOnlyWhereTheSettingsLetIt",
	"session.recording_notice":        "app/phone TestOtherSideHearsThatItIsRecorded",
	"session.require_relay_candidate": "app/e2e TestCallNeedsARelayWhenTheSettingsSaySo",

	"session.call_waiting":        "app/phone TestWhatIsDoneWithACallByItself no call waiting",
	"session.dnd_code":            "app/phone TestWhatIsDoneWithACallByItself do not disturb with a code of choice",
	"session.forward_always":      "app/phone TestWhatIsDoneWithACallByItself forwarded always",
	"session.forward_busy":        "app/phone TestWhatIsDoneWithACallByItself forwarded when busy",
	"session.forward_no_answer":   "app/phone TestCallIsForwardedWhenItHasRungForLong",
	"session.forward_after":       "app/phone TestCallIsForwardedWhenItHasRungForLong",
	"session.reject_anonymous":    "app/phone TestWhatIsDoneWithACallByItself anonymous, refused",
	"session.trust_identity":      "app/phone TestWhatIsDoneWithACallByItself anonymous to us, not to the server",
	"session.auto_answer":         "app/phone TestCallsAreAnsweredByThePhone trusted",
	"session.auto_answer_delay":   "app/phone TestCallsAreAnsweredByThePhone always",
	"session.auto_answer_video":   "app/phone TestCallsAreAnsweredByThePhone always, with picture",
	"session.auto_answer_in_call": "app/phone TestCallsAreAnsweredByThePhone always, also in a call",
	"session.intercom_muted":      "app/phone TestCallsAreAnsweredByThePhone with the microphone",
	"session.trusted_callers":     "app/phone TestCallsAreAnsweredByThePhone off, asked",

	"sounds.ring":         "app/e2e TestSoundsBeginAsTheSettingsSay",
	"sounds.ring_volume":  "app/e2e TestSoundsBeginAsTheSettingsSay",
	"sounds.tones":        "app/e2e TestSoundsBeginAsTheSettingsSay",
	"sounds.tones_volume": "app/e2e TestSoundsBeginAsTheSettingsSay",

	"i18n.translate":    "app/e2e TestLanguageSettings translate false",
	"i18n.show_menu":    "app/e2e TestLanguageSettings show_menu false",
	"i18n.default_lang": "app/e2e TestLanguageSettings show_menu false",
	"i18n.languages":    "app/e2e TestLanguageChangesEveryTextAtOnce",

	"i18n.texts":       "app/e2e TestTextsOfTheSite",
	"appearance.theme": "app/e2e TestThemeBeginsAsTheSettingsSay",
	"appearance.css":   "app/e2e TestStyleSheetOfTheSite",
	"panels":           "app/e2e TestPanelsOfTheSettings",

	"discovery.enabled": "app/phone TestDomainsAreAskedOnlyIfTheSettingsLetThem",
	"button.to":         "app/e2e TestButtonCallsAsGuest",
	"button.label":      "app/e2e TestButtonCallsAsGuest",
	"button.video":      "app/e2e TestButtonThatIsAllThereIs",
	"button.only":       "app/e2e TestButtonThatIsAllThereIs",
	"guest.enrol_url":   "app/phone TestGuestIsEnrolledAndCalled",
	"guest.anonymous":   "app/phone TestGuestWithoutAccountIsNobody",
	"guest.domain":      "app/phone TestGuestWithoutAccountIsNobody",

	"extra_headers": "app/phone TestCallSettingsOnTheWire",

	"media.gather_timeout":    "sipcore/media TestDescriptionIsReleasedWhenItCanWork",
	"media.quality_collector": "app/phone TestCollectorIsToldOfEachCallWhateverItAnswers",
	"media.relay_only":        "app/e2e TestRelayOnlyCallGoesThroughTURN",
	"media.audio_codecs":      "app/e2e TestCodecsAndBoundsAreThoseOfTheSettings",
	"media.video_codecs":      "app/e2e TestCodecsAndBoundsAreThoseOfTheSettings",
	"media.max_bitrate_audio": "app/e2e TestCodecsAndBoundsAreThoseOfTheSettings",
	"media.max_bitrate_video": "app/e2e TestCodecsAndBoundsAreThoseOfTheSettings",
	"media.opus_fec":          "app/phone TestWhatTheOtherSideIsAskedForIsWhatTheSettingsSay",
	"media.opus_dtx":          "app/phone TestWhatTheOtherSideIsAskedForIsWhatTheSettingsSay",
	"media.incoming_video":    "app/phone TestVideoOfTheOtherSideIsWhatTheSettingsSay",
	"media.echo_cancellation": "app/e2e TestSoundIsTreatedAsChosen",
	"media.noise_suppression": "app/e2e TestSoundIsTreatedAsChosen",
	"media.auto_gain":         "app/e2e TestSoundIsTreatedAsChosen",
	"media.background_blur":   "app/e2e TestBackgroundBlurIsOfferedWhereTheCameraCan",
	"media.push_to_talk":      "app/phone TestPushToTalk",

	"log.level": "app/e2e TestLogLevelIsHeeded",

	"notifications.enable": "app/e2e TestNothingIsNotifiedWhereTheSettingsForbidIt",

	"trace.enable": "app/phone TestMessagesAreKeptForTheTraceUnlessTheSettingsForbidIt",

	"embed.allowed_origins": "app/e2e TestWidgetInAPageThatIsNotOnTheList",

	"user_settings": "app/e2e TestSiteMayKeepItsSettingsToItself",

	"demo.domain":   "app/e2e TestDemoAccountIsOneClickAway",
	"demo.accounts": "app/e2e TestDemoAccountsAreThoseOfTheSettings",
}

func TestEveryKeyHasATestOfItsEffect(t *testing.T) {
	var keys []string
	var walk func(path string, group reflect.Type)
	walk = func(path string, group reflect.Type) {
		for field := range group.Fields() {
			key := strings.TrimPrefix(path+"."+field.Tag.Get("json"), ".")
			switch kind := field.Type.Kind(); {
			case strings.HasSuffix(key, "-"):
			case kind == reflect.Struct:
				walk(key, field.Type)
			default:
				keys = append(keys, key)
				if kind == reflect.Slice && field.Type.Elem().Kind() == reflect.Struct {
					walk(key, field.Type.Elem())
				}
			}
		}
	}
	walk("", reflect.TypeFor[config.Config]())
	left := map[string]bool{}
	for key := range effects {
		left[key] = true
	}
	tests := map[string]map[string][]string{} // by folder and function: the texts in it
	for _, key := range keys {
		if !left[key] {
			t.Errorf("%s has no test of its effect", key)
		}
		delete(left, key)
		folder, rest, found := strings.Cut(effects[key], " ")
		if !found {
			continue
		}
		if tests[folder] == nil {
			tests[folder] = testsIn(t, folder)
		}
		function, name, _ := strings.Cut(rest, " ")
		texts, there := tests[folder][function]
		if !there {
			t.Errorf("%s: there is no %s in %s", key, function, folder)
		}
		if name != "" && !strings.Contains("|"+strings.Join(texts, "|")+"|", "|"+name+"|") {
			t.Errorf("%s: %s has nothing named %s", key, function, name)
		}
	}
	for key := range left {
		t.Errorf("%s is no key", key)
	}
}

// testsIn gives the tests of a folder, whatever they are built for, with the texts that
// stand in each.
func testsIn(t *testing.T, folder string) map[string][]string {
	t.Helper()
	files, err := filepath.Glob("../../" + folder + "/*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string][]string{}
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv != nil || !strings.HasPrefix(f.Name.Name, "Test") {
				continue
			}
			tests[f.Name.Name] = []string{}
			ast.Inspect(f, func(n ast.Node) bool {
				if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
					if text, err := strconv.Unquote(literal.Value); err == nil {
						tests[f.Name.Name] = append(tests[f.Name.Name], text)
					}
				}
				return true
			})
		}
	}
	return tests
}

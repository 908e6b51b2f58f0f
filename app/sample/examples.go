//go:build !js

package sample

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

const (
	exampleAccounts = 200
	exampleCalls    = 140
)

// land is where example accounts are: what firms and people are called there. Numbers are
// of ranges that are for examples, or look it; each % stands for a digit.
type land struct {
	name, cities, number, mobile string
	firms                        string // in which F is a family's name
	given, family                string
	familyFirst                  bool
}

var lands = []land{
	{
		"Germany", "Berlin,Köln,München,Hamburg,Leipzig", "+49 30 23125 %%%", "+49 171 3920 %%%%",
		"F Maschinenbau GmbH,F & Söhne KG,Bäckerei F,F Elektrotechnik GmbH,Weingut F", "Jürgen,Anneliese,Björn,Käthe,Lukas,Mareike", "Müller,Schäfer,Großmann,Weiß,Krüger,Bäcker", false,
	},
	{
		"France", "Paris,Lyon,Nîmes,Besançon", "+33 1 99 00 %% %%", "+33 6 39 98 %% %%",
		"Établissements F,Librairie F,F et Fils,Atelier F", "Chloé,François,Zoë,Benoît,Inès", "Lefèvre,Gauthier,Noël,Dupré,Garçon", false,
	},
	{
		"United Kingdom", "London,Leeds,Bristol", "+44 20 7946 0%%%", "+44 7700 900%%%",
		"F & Co. Ltd,F Logistics Ltd,The F Tea Company", "Olivia,Harry,Siobhán,Rhys,Imogen", "Smith,O'Brien,Llewellyn,Macdonald,Ashworth", false,
	},
	{
		"United States", "New York,Austin,Portland", "+1 212 555 01%%", "+1 512 555 01%%",
		"F Industries Inc.,F Hardware Inc.,F Medical LLC", "Ava,Noah,Mia,Ethan,Zoe", "Johnson,Nguyen,García,Cohen,Washington", false,
	},
	{
		"Spain", "Madrid,Málaga,Logroño", "+34 919 99 %% %%", "+34 600 99 %% %%",
		"Bodegas F S.A.,Hermanos F S.L.,Cerámica F", "Íñigo,Begoña,Andrés,Lucía,Martín", "Núñez,Ibáñez,Peña,Giménez,Muñoz", false,
	},
	{
		"Poland", "Łódź,Gdańsk,Kraków,Wrocław", "+48 22 555 %% %%", "+48 600 555 %%%",
		"F sp. z o.o.,Zakład F,Meble F S.A.", "Zbigniew,Łucja,Małgorzata,Paweł,Agnieszka", "Wójcik,Dąbrowski,Kozłowska,Żak,Święcicki", false,
	},
	{
		"Türkiye", "İstanbul,İzmir,Muğla", "+90 212 555 %% %%", "+90 530 555 %% %%",
		"F Tekstil A.Ş.,F Gıda Ltd. Şti.,F Seramik", "Işıl,Gökçe,Şükrü,Çağla,Oğuz", "Yıldız,Öztürk,Şahin,Çelik,Güneş", false,
	},
	{
		"Greece", "Αθήνα,Θεσσαλονίκη,Πάτρα", "+30 21 5550 %%%%", "+30 690 555 %%%%",
		"Αφοί F Α.Ε.,Ελαιουργία F,Ναυτιλιακή F", "Ελένη,Γιώργος,Σοφία,Νίκος", "Παπαδόπουλος,Γεωργίου,Αλεξίου,Καραμανλής", false,
	},
	{
		"Ukraine", "Київ,Львів,Одеса", "+380 44 555 %%%%", "+380 50 555 %%%%",
		"ТОВ «F і партнери»,Завод F,Пекарня F", "Олена,Тарас,Їва,Ґреґор,Оксана", "Шевченко,Коваленко,Щербак,Їжакевич", false,
	},
	{
		"Israel", "תל אביב,חיפה,ירושלים", "+972 3 555 %%%%", "+972 50 555 %%%%",
		"F בע״מ,מאפיית F,F ובניו", "נועה,איתי,שירה,יונתן", "כהן,לוי,מזרחי,אברהם", false,
	},
	{
		"Egypt", "القاهرة,الإسكندرية,الأقصر", "+20 2 5550 %%%%", "+20 100 555 %%%%",
		"شركة F للتجارة,مطبعة F,F وأولاده", "فاطمة,محمد,ليلى,يوسف", "المصري,حسن,عبد الرحمن,منصور", false,
	},
	{
		"Japan", "東京,大阪,京都", "+81 3 5550 %%%%", "+81 90 5550 %%%%",
		"株式会社F製作所,F商店,F酒造株式会社", "陽菜,蓮,さくら,翔太", "佐藤,鈴木,高橋,渡辺", true,
	},
	{
		"China", "上海,成都,深圳", "+86 21 5550 %%%%", "+86 139 5550 %%%%",
		"F氏集团,F记茶业,F电子有限公司", "丽,伟,秀英,子轩", "王,李,张,欧阳", true,
	},
}

var (
	industries = []string{"Machinery", "Food", "Textiles", "Electronics", "Logistics", "Printing", "Health", "Building", "Furniture", "Trade"}
	titles     = []string{"Purchasing", "Sales", "Managing director", "Accounts payable", "Service", "Warehouse"}
	notes      = []string{"", "", "", "Prefers to be called in the morning.", "Pays within 10 days.", "Ask for the offer of last year.", "Speaks English and French."}
	callNotes  = []string{
		"", "Asked for a new price list.", "Order confirmed, delivery in week 32.", "Invoice is on its way.",
		"Will call back after the holidays.", "Complained about a late delivery: credit note agreed.", "Left a message.",
	}
)

// examples makes the records of an empty database, each time the same.
type examples struct {
	chance *rand.Rand
	domain string
	used   map[string]bool // keys of numbers

	insert            func(query string, args ...any) (id int64, err error)
	accounts, contact int64 // the last ids
	people            []examplePerson
}

// examplePerson is somebody to have had calls with.
type examplePerson struct {
	account, contact int64
	name, number     string
}

// fill makes the examples when there is no account.
func (d *database) fill(ctx context.Context, domain string) error {
	var count int
	if err := d.sql.QueryRowContext(ctx, `SELECT count(*) FROM accounts`).Scan(&count); err != nil || count > 0 {
		return err
	}
	tx, err := d.sql.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after Commit there is nothing to take back
	prepared := map[string]*sql.Stmt{}
	e := &examples{chance: rand.New(rand.NewPCG(2, 7)), domain: domain, used: map[string]bool{}}
	e.insert = func(query string, args ...any) (int64, error) {
		statement := prepared[query]
		if statement == nil {
			if statement, err = tx.PrepareContext(ctx, query); err != nil {
				return 0, err
			}
			prepared[query] = statement
		}
		result, err := statement.ExecContext(ctx, args...)
		if err != nil {
			return 0, err
		}
		return result.LastInsertId()
	}
	if err := e.all(); err != nil {
		return err
	}
	return tx.Commit()
}

func (e *examples) all() error {
	if err := e.callable(); err != nil {
		return err
	}
	for i := range exampleAccounts - 1 {
		if err := e.firm(&lands[i%len(lands)]); err != nil {
			return err
		}
	}
	return e.calls()
}

// callable are those that can be called where the ERP is tried out, and one with a name
// that would be a program in a page that takes names for markup.
func (e *examples) callable() error {
	id, err := e.account("Aardvark Trading Ltd", "Trade", "London", "United Kingdom", e.number("+44 20 7946 0%%%"), "https://aardvark.example")
	if err != nil {
		return err
	}
	for _, c := range []contact{
		{Name: "Bob Aarons", Title: "Purchasing", SIP: "bob", Notes: "Runs in the first tab of the phone: ?account=bob"},
		{Name: "Carol Abbott", Title: "Sales", SIP: "carol"},
		{Name: "Dave Abelson", Title: "Warehouse", SIP: "dave"},
		{Name: "Echo", Title: "Says what you say", SIP: "echo"},
		{Name: "Music", Title: "Plays tones", SIP: "music"},
		{Name: `<script>alert("Robert")</script><b>'); DROP TABLE calls;--`, Title: "Security", Notes: `<img src=x onerror=alert(1)>`},
	} {
		if c.SIP != "" {
			c.SIP += "@" + e.domain
		}
		c.Phone, c.Mobile = e.number("+44 20 7946 0%%%"), e.number("+44 7700 900%%%")
		if err := e.person(id, c); err != nil {
			return err
		}
	}
	return nil
}

// firm makes an account with one to three contacts.
func (e *examples) firm(in *land) error {
	family := e.one(in.family)
	name := strings.Replace(e.one(in.firms), "F", family, 1)
	id, err := e.account(name, industries[e.chance.IntN(len(industries))], e.one(in.cities), in.name, e.number(in.number),
		fmt.Sprintf("https://a%d.example", e.accounts+1))
	if err != nil {
		return err
	}
	for range 1 + e.chance.IntN(3) {
		given, family := e.one(in.given), e.one(in.family)
		full := given + " " + family
		if in.familyFirst {
			full = family + given
		}
		if err := e.person(id, contact{
			Name: full, Title: titles[e.chance.IntN(len(titles))], Notes: notes[e.chance.IntN(len(notes))],
			Phone: e.number(in.number), Mobile: e.number(in.mobile),
		}); err != nil {
			return err
		}
	}
	return nil
}

func (e *examples) one(list string) string {
	all := strings.Split(list, ",")
	return all[e.chance.IntN(len(all))]
}

// number makes one that nobody else has; where a range is used up, in the next one.
func (e *examples) number(pattern string) string {
	for try := 0; ; try++ {
		number := strings.Map(func(r rune) rune {
			if r == '%' {
				return '0' + e.chance.Int32N(10)
			}
			return r
		}, pattern)
		if key := reachKey(number); !e.used[key] {
			e.used[key] = true
			return number
		}
		if try == 50 {
			pattern += "%"
		}
	}
}

func (e *examples) account(name, industry, city, country, phone, web string) (int64, error) {
	id, err := e.insert(`INSERT INTO accounts (name, industry, city, country, phone, web, search, sort) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		name, industry, city, country, phone, web, fold(name, industry, city, country, phone), fold(name))
	if err != nil {
		return 0, err
	}
	e.accounts = id
	_, err = e.insert(`INSERT INTO reach (key, account) VALUES (?, ?)`, reachKey(phone), id)
	return id, err
}

func (e *examples) person(account int64, c contact) error {
	e.contact++
	c.Email = fmt.Sprintf("contact%d@a%d.example", e.contact, account)
	id, err := e.insert(`INSERT INTO contacts (account, name, title, email, phone, mobile, sip, notes, search, sort) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		account, c.Name, c.Title, c.Email, c.Phone, c.Mobile, c.SIP, c.Notes, fold(c.Name, c.Title, c.Email, c.Phone, c.Mobile, c.SIP), fold(c.Name))
	if err != nil {
		return err
	}
	for _, address := range []string{c.Phone, c.Mobile, c.SIP} {
		if key := reachKey(address); key != "" {
			if _, err := e.insert(`INSERT INTO reach (key, account, contact) VALUES (?, ?, ?)`, key, account, id); err != nil {
				return err
			}
		}
	}
	e.people = append(e.people, examplePerson{account: account, contact: id, name: c.Name, number: c.Phone})
	return nil
}

// calls makes those of the weeks before.
func (e *examples) calls() error {
	at := time.Now().Add(-2 * time.Hour)
	for i := range exampleCalls {
		at = at.Add(-time.Duration(e.chance.IntN(300)) * time.Minute)
		with := e.people[e.chance.IntN(len(e.people))]
		direction := []string{"in", "out"}[e.chance.IntN(2)]
		note := callNotes[e.chance.IntN(len(callNotes))]
		var answered *int64
		duration, mos, cause := 0.0, any(nil), "No answer"
		if e.chance.IntN(5) > 0 {
			then := at.Add(4 * time.Second).UnixMilli()
			answered = &then
			duration, mos, cause = float64(20+e.chance.IntN(900)), 3.4+e.chance.Float64(), ""
		}
		uri := "sip:" + strings.ReplaceAll(with.number, " ", "") + "@" + e.domain
		if _, err := e.insert(`INSERT INTO calls (id, account, contact, direction, uri, name, started, answered, ended, duration, mos, cause, note, search)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			fmt.Sprintf("example-%d", i), with.account, with.contact, direction, uri, "", at.UnixMilli(), answered,
			at.UnixMilli()+int64(duration*1000)+4000, duration, mos, cause, note, fold(with.name, uri, note)); err != nil {
			return err
		}
	}
	return nil
}

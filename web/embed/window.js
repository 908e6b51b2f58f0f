// @ts-check
// The phone in a window of its own, which outlives the page that opened it: the next page of
// that tab finds it again, because the window looks for it (web/frame.js). web/embed.js loads
// this for tags with mode="window".
(() => {
  'use strict';

  const FEATURES = 'popup,width=400,height=680';

  /** What is said where the browser lets no window be opened. @type {Record<string, string>} */
  const BLOCKED = {
    en: 'The browser has blocked the phone’s window. Allow pop-ups for this page, then click again',
    bg: 'Браузърът блокира прозореца на телефона. Разрешете изскачащите прозорци за тази страница и щракнете отново',
    de: 'Der Browser hat das Fenster des Telefons blockiert. Erlauben Sie dieser Seite Pop-ups und klicken Sie noch einmal',
    es: 'El navegador ha bloqueado la ventana del teléfono. Permita las ventanas emergentes de esta página y vuelva a hacer clic',
    fr: 'Le navigateur a bloqué la fenêtre du téléphone. Autorisez les pop-up pour cette page, puis cliquez de nouveau',
    he: 'הדפדפן חסם את חלון הטלפון. אפשרו חלונות קופצים לדף זה ולחצו שוב',
    nb: 'Nettleseren har blokkert telefonens vindu. Tillat sprettoppvinduer for denne siden og klikk igjen',
    nl: 'De browser heeft het venster van de telefoon geblokkeerd. Sta pop-ups toe voor deze pagina en klik opnieuw',
    nn: 'Nettlesaren har blokkert vindauget til telefonen. Tillat sprettoppvindauge for denne sida og klikk igjen',
    pl: 'Przeglądarka zablokowała okno telefonu. Zezwól tej stronie na wyskakujące okna i kliknij ponownie',
    pt: 'O navegador bloqueou a janela do telefone. Permita janelas pop-up nesta página e clique novamente',
    ru: 'Браузер заблокировал окно телефона. Разрешите всплывающие окна для этой страницы и нажмите ещё раз',
    sk: 'Prehliadač zablokoval okno telefónu. Povoľte tejto stránke vyskakovacie okná a kliknite znova',
  };

  const STYLE = new CSSStyleSheet();
  STYLE.replaceSync(`.hint { margin: 0; max-inline-size: 20rem; padding: .75rem 1rem; border-radius: .875rem; background: Canvas; color: CanvasText;
    box-shadow: 0 .25rem 1rem rgb(0 0 0 / 30%); font: 1rem/1.4 system-ui, sans-serif; }`);

  /**
   * Shows the window, and opens it unless it is there.
   * @param {HTMLElement & {prefix: string}} phone
   * @param {URL | undefined} address
   * @param {ShadowRoot} shadow of the element, where the person looks
   * @param {Window | undefined} known that was opened before
   * @param {(problem: string) => void} complain
   * @returns {Window | undefined}
   */
  function show(phone, address, shadow, known, complain) {
    shadow.querySelector('.hint')?.remove();
    if (known && !known.closed) {
      known.focus();
      return known;
    }
    if (!address) return undefined;
    // Without an address: one that a page before this one opened must not be loaded anew.
    const opened = open('', `sip-phone ${phone.prefix}`, FEATURES);
    if (!opened) {
      const hint = document.createElement('p');
      hint.className = 'hint';
      hint.setAttribute('part', 'hint');
      hint.setAttribute('role', 'alert');
      const language = [phone.lang, phone.getAttribute('lang'), document.documentElement.lang, ...navigator.languages]
        .map((tag) => tag?.split('-')[0].replace(/^no$/, 'nb') ?? '').find((tag) => tag in BLOCKED) ?? 'en';
      hint.lang = language;
      hint.dir = 'auto';
      hint.textContent = BLOCKED[language];
      shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets.filter((sheet) => sheet !== STYLE), STYLE];
      shadow.prepend(hint);
      complain('was blocked by the browser: pop-ups have to be allowed for this page');
      return undefined;
    }
    if (isEmpty(opened)) opened.location.href = address.href;
    opened.focus();
    return opened;
  }

  /** Tells a new window from one with the phone in it, of which nothing can be read. @param {Window} opened */
  function isEmpty(opened) {
    try {
      return opened.location.href === 'about:blank';
    } catch { // of another origin
      return false;
    }
  }

  /** @type {any} */ (customElements.get('sip-phone')).parts.window = show;
})();

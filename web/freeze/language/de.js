// @ts-check
/** @typedef {typeof de} Texts */

/** What the page behind the link of a notice says, in German. */
export const de = {
  asks: {
    title: "Zugang sperren?",
    lead: "Sie haben von uns eine Nachricht bekommen und waren es nicht selbst? Dann sperren Sie Ihren Zugang hier sofort.",
    what: [
      "Niemand kann sich mehr anmelden, auch Sie nicht.",
      "Alles, was gerade wartet, wird beendet.",
      "Öffnen können Sie den Zugang selbst: in der smartIDENT-App auf einem Telefon, das Sie schon länger als einen Tag verwenden.",
    ],
    freeze: "Zugang jetzt sperren",
    otherwise: "Waren Sie es selbst, dann schließen Sie diese Seite. Es ändert sich nichts.",
  },
  frozen: {
    title: "Ihr Zugang ist gesperrt",
    lead: "Bis er wieder geöffnet wird, kann sich niemand anmelden.",
    next: [
      "Öffnen Sie die smartIDENT-App und sehen Sie unter „Zugänge“ nach, was geschehen ist. Entfernen Sie dort jedes fremde Gerät.",
      "Danach öffnen Sie den Zugang in der App wieder und ändern Ihr Passwort.",
      "Haben Sie kein Telefon mit der App mehr, dann rufen Sie FinanceApp an.",
    ],
  },
  missing: {
    title: "Hier fehlt etwas",
    lead: "Die Adresse dieser Seite ist nicht vollständig.",
    next: ["Öffnen Sie den Link noch einmal aus unserer Nachricht.", "Sperren können Sie Ihren Zugang auch in der smartIDENT-App."],
  },
};

package org.processmanager.examples.app.menu;

/** The entries that send to the menu's own inbox and receive from it. */
final class InboxEntries {
    private final Dialog dialog;
    private final Inbox inbox;

    InboxEntries(Dialog dialog, Inbox inbox) {
        this.dialog = dialog;
        this.inbox = inbox;
    }

    void send() throws InterruptedException {
        String text = dialog.ask("text");
        if (text != null) {
            inbox.send(text);
            dialog.say("sent to " + inbox.endpoint());
        }
    }

    void receive() {
        dialog.say(inbox.receive().map(text -> "received: " + text).orElse("nothing there"));
    }
}

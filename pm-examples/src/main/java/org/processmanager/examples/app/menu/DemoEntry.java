package org.processmanager.examples.app.menu;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The entry that runs producers and consumers. */
final class DemoEntry {
    private static final Pattern ANSWER = Pattern.compile("(\\d{1,4})[ ,]+(\\d{1,4})(?:[ ,]+(threads|processes))?");
    private static final String USUAL = "2 2 processes";

    private final Dialog dialog;
    private final Demo demo;

    DemoEntry(Dialog dialog, Demo demo) {
        this.dialog = dialog;
        this.demo = demo;
    }

    void run() throws InterruptedException {
        String answer = dialog.ask("producers, consumers, processes or threads (empty: " + USUAL + ")");
        if (answer == null) {
            return;
        }
        Matcher numbers = ANSWER.matcher(answer.isEmpty() ? USUAL : answer);
        if (!numbers.matches()) {
            throw new IllegalArgumentException("answer: \"" + answer
                    + "\" (expected: two numbers, as 3 2, and the word threads to use threads instead of processes)");
        }
        boolean threads = "threads".equals(numbers.group(3));
        dialog.flush();
        demo.run(Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2)), threads);
    }
}

package org.processmanager.examples;

import org.processmanager.examples.cli.App;

/** The {@code pm} command-line app. */
public final class Pm {
    private Pm() {}

    public static void main(String[] args) {
        System.exit(App.run(args));
    }
}

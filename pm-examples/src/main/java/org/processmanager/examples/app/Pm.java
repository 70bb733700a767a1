package org.processmanager.examples.app;

import org.processmanager.examples.app.cli.App;

/** The {@code pm} command-line app. */
public final class Pm {
    private Pm() {}

    public static void main(String[] args) {
        System.exit(App.run(args));
    }
}

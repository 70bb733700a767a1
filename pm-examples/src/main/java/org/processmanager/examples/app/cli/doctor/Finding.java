package org.processmanager.examples.app.cli.doctor;

/**
 * The result of a check.
 *
 * @param name what was checked
 * @param state how it is
 * @param found what was seen
 * @param advice what to do; empty if nothing is to do
 */
record Finding(String name, State state, String found, String advice) {
    enum State {
        /** As the libraries want it. */
        OK,
        /** Something works less well or not at all, and pm works without it. */
        LIMITED,
        /** pm does not work without it. */
        FAILED
    }

    static Finding ok(String name, String found) {
        return new Finding(name, State.OK, found, "");
    }

    static Finding limited(String name, String found, String advice) {
        return new Finding(name, State.LIMITED, found, advice);
    }

    static Finding failed(String name, String found, String advice) {
        return new Finding(name, State.FAILED, found, advice);
    }
}

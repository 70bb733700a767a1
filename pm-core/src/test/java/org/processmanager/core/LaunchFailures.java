package org.processmanager.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.function.Supplier;
import org.junit.jupiter.api.function.Executable;

/** Assertions about launches that fail. */
final class LaunchFailures {
    private LaunchFailures() {}

    /** Asserts that a launch fails for this reason. */
    static LaunchException assertFails(LaunchException.Reason reason, Executable launch) {
        return assertFails(reason, launch, () -> "");
    }

    /** Asserts that a launch fails for this reason. */
    static LaunchException assertFails(LaunchException.Reason reason, Executable launch, String what) {
        return assertFails(reason, launch, () -> what);
    }

    /** Asserts that a launch fails for this reason. */
    static LaunchException assertFails(LaunchException.Reason reason, Executable launch, Supplier<String> what) {
        LaunchException thrown = assertThrows(LaunchException.class, launch, what);
        assertEquals(reason, thrown.reason(), () -> what.get() + ": " + thrown.getMessage());
        return thrown;
    }
}

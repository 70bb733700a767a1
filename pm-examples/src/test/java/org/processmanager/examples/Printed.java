package org.processmanager.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.processmanager.examples.app.PmApp;

/** Keeps what a test prints to standard output. Children of examples start with the class archive of the tests. */
final class Printed implements BeforeEachCallback, AfterEachCallback {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = System.out;

    @Override
    public void beforeEach(ExtensionContext context) {
        PmApp.useArchive();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        System.setOut(out);
    }

    String text() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    void assertAsOnThePage(Class<?> example) {
        assertEquals(ExamplesPage.output(example), text());
    }
}

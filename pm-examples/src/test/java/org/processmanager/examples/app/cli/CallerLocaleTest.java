package org.processmanager.examples.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.processmanager.core.Command;

@Timeout(180)
class CallerLocaleTest {
    private static final String SHOW =
            "echo \"${LC_ALL-unset}|${LC_CTYPE-unset}|${LANG-unset}|${PM_CALLER_LOCALE-unset}\"";

    @Test
    void nothingSaved_changesNothing() {
        Command command = Command.of("true");
        assertSame(command, CallerLocale.giveTo(command, null));
    }

    @Test
    void savedVariables_areSetAndOthersUnset() throws InterruptedException {
        assertEquals("POSIX|unset|de_DE=x|unset\n", show("LC_ALL=POSIX\nLANG=de_DE=x\n"));
        assertEquals("unset|unset|unset|unset\n", show(""));
        assertEquals("|C|unset|unset\n", show("LC_ALL=\nLC_CTYPE=C\n"));
    }

    @Test
    void lines_areReadAsNameAndValue() {
        assertEquals(Map.of("LC_ALL", "", "LANG", "a=b"), CallerLocale.parse("LC_ALL=\nno equals\nLANG=a=b\n"));
    }

    private static String show(String saved) throws InterruptedException {
        Command command = Command.shell(SHOW)
                .env("LC_ALL", "C.UTF-8")
                .env("LC_CTYPE", "C.UTF-8")
                .env("LANG", "C.UTF-8")
                .env(CallerLocale.VARIABLE, saved);
        return CallerLocale.giveTo(command, saved).run().stdoutText();
    }
}

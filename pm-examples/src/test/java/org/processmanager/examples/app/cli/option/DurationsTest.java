package org.processmanager.examples.app.cli.option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "2s, 2000000000",
        "2, 2000000000",
        "1.5s, 1500000000",
        "500ms, 500000000",
        "0.5ms, 500000",
        "3m, 180000000000",
        "1h, 3600000000000",
        "0, 0"
    })
    void textOfAPerson_isRead(String text, long nanos) {
        assertEquals(Duration.ofNanos(nanos), new Durations().convert(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "-1s", "1 s", "1d", "PT2S", "1e3s", "99999999999h", "0x10", "1.s", ".5s"})
    void anythingElse_isRefusedWithItsValue(String text) {
        TypeConversionException e = assertThrows(TypeConversionException.class, () -> new Durations().convert(text));
        assertTrue(e.getMessage().startsWith("'" + text + "' (expected: "), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"2s, 2 s", "500ms, 0.5 s", "100s, 100 s", "1h, 3600 s"})
    void duration_hasAReadableText(String text, String written) {
        assertEquals(written, Durations.text(new Durations().convert(text)));
    }
}

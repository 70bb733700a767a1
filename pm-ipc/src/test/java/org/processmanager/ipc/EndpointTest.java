package org.processmanager.ipc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.sync.OpenMode;

class EndpointTest {
    @Test
    void parse_returnsTheParts() {
        Endpoint endpoint = Endpoint.parse("mapped:/tmp/a:b&c=d?capacity=4m&name=x=y");
        assertEquals("mapped", endpoint.scheme());
        assertEquals("/tmp/a:b&c=d", endpoint.target());
        assertEquals(Map.of("capacity", "4m", "name", "x=y"), endpoint.options());
        assertEquals("mapped:/tmp/a:b&c=d?capacity=4m&name=x=y", endpoint.toString());
        assertEquals(endpoint, Endpoint.parse(endpoint.toString()));
        assertEquals("fifo:jobs", Endpoint.parse("fifo:jobs").toString());
    }

    @Test
    void parse_malformedText_namesTheFault() {
        assertMalformed("jobs", "colon");
        assertMalformed("", "colon");
        assertMalformed(":jobs", "scheme");
        assertMalformed("Mapped:jobs", "scheme");
        assertMalformed("ma pped:jobs", "scheme");
        assertMalformed("mapped:a\0b", "target");
        assertMalformed("mapped:jobs?", "key=value");
        assertMalformed("mapped:jobs?capacity", "\"capacity\"");
        assertMalformed("mapped:jobs?=4m", "\"=4m\"");
        assertMalformed("mapped:jobs?capacity=", "capacity");
        assertMalformed("mapped:jobs?a=1&&b=2", "\"\"");
        assertMalformed("mapped:jobs?a=1&a=2", "a is given twice");
        assertMalformed("mapped:jobs?a b=1", "\"a b\"");
    }

    @Test
    void emptyTarget_isOfAChannelWithoutAName() {
        Endpoint anonymous = Endpoint.parse("mapped:?capacity=1m");
        assertEquals("", anonymous.target());
        assertEquals("mapped:?capacity=1m", anonymous.toString());
        String text = assertThrows(IllegalArgumentException.class, () -> Ipc.sender("mapped:"))
                .getMessage();
        assertTrue(text.contains("Ipc.pair"), text);
    }

    private static void assertMalformed(String text, String named) {
        String message = assertThrows(IllegalArgumentException.class, () -> Endpoint.parse(text))
                .getMessage();
        assertTrue(message.contains(named), message);
        assertTrue(message.contains("expected"), message);
    }

    @Test
    void bytes_readsSizes() {
        assertEquals(7, Endpoint.parse("a:b").bytes("size", 7));
        assertEquals(65_536, Endpoint.parse("a:b?size=65536").bytes("size", 7));
        assertEquals(65_536, Endpoint.parse("a:b?size=64k").bytes("size", 7));
        assertEquals(4 << 20, Endpoint.parse("a:b?size=4M").bytes("size", 7));
        assertEquals(3L << 30, Endpoint.parse("a:b?size=3g").bytes("size", 7));
        for (String bad : new String[] {"0", "-1", "k", "4 k", "4kb", "1.5m", "99999999999g", "0x10", "+4"}) {
            Endpoint endpoint = Endpoint.parse("a:b?size=" + bad);
            String message = assertThrows(IllegalArgumentException.class, () -> endpoint.bytes("size", 7), bad)
                    .getMessage();
            assertTrue(message.contains("size") && message.contains(bad), message);
        }
    }

    @Test
    void unknownOption_isReportedWithTheKnownOnes() {
        Endpoint endpoint = Endpoint.parse("a:b?capcity=1");
        String message = assertThrows(
                        IllegalArgumentException.class, () -> endpoint.requireKnownOptions("senders", "capacity"))
                .getMessage();
        assertTrue(message.contains("capcity") && message.contains("capacity, senders"), message);
        endpoint.requireKnownOptions("capcity");
    }

    @Test
    void with_changesACopy() {
        Endpoint endpoint = Endpoint.parse("a:b?x=1");
        assertEquals("a:b?x=2&y=3", endpoint.with("x", "2").with("y", "3").toString());
        assertEquals("a:b?x=1", endpoint.toString());
        assertThrows(IllegalArgumentException.class, () -> endpoint.with("y", ""));
    }

    @Test
    void unknownScheme_isReportedWithTheKnownOnes() {
        String message = assertThrows(
                        IllegalArgumentException.class, () -> Ipc.sender("mqtt:jobs", OpenMode.OPEN_OR_CREATE))
                .getMessage();
        assertTrue(message.contains("mqtt") && message.contains("fifo"), message);
        for (String scheme : Ipc.transports().keySet()) {
            assertTrue(message.contains(scheme), message);
        }
    }

    /** The message for an unknown option lists the known ones. */
    @ParameterizedTest
    @ValueSource(strings = {"fifo", "mapped", "unix"})
    void options_areAllDocumented(String scheme) throws IOException {
        String text = assertThrows(IllegalArgumentException.class, () -> Ipc.forChild(scheme + ":x?nonsense=1"))
                .getMessage();
        String documentation = Files.readString(Path.of("src/main/java/org/processmanager/ipc/Ipc.java"));
        Matcher known = Pattern.compile("expected: (.*)\\)").matcher(text);
        assertTrue(known.find(), text);
        for (String option : known.group(1).split(", ")) {
            assertTrue(documentation.contains("<td>{@code " + option + "}</td>"), option);
        }
    }
}

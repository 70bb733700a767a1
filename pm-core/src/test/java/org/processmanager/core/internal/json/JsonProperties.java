package org.processmanager.core.internal.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The writer and the reader beside Jackson. */
class JsonProperties {
    private static final ObjectMapper JACKSON = new ObjectMapper();

    @Property(tries = 500)
    void write_isReadTheSameByJackson(@ForAll("values") Object value) throws JsonProcessingException {
        String json = JsonWriter.write(value);
        assertFalse(json.contains("\n"), "a record is one line");
        assertEquals(JACKSON.readTree(JACKSON.writeValueAsString(value)), JACKSON.readTree(json));
    }

    @Property(tries = 500)
    void read_understandsWhatJacksonWrites(@ForAll("values") Object value) throws JsonProcessingException {
        assertEquals(
                value, JsonReader.read(JACKSON.writerWithDefaultPrettyPrinter().writeValueAsString(value)));
    }

    @Property(tries = 500)
    void write_survivesUtf8(@ForAll String text) {
        String json = JsonWriter.write(text);
        String travelled = new String(json.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        assertEquals(text, JsonReader.read(travelled));
    }

    @Property(tries = 1000)
    void read_acceptsWhatJacksonAccepts(@ForAll("nearlyJson") String text) {
        boolean jackson;
        try {
            jackson = text.isBlank()
                    ? false
                    : JACKSON.reader()
                                    .with(com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                                    .readTree(text)
                            != null;
        } catch (java.io.IOException e) {
            jackson = false;
        }
        boolean ours;
        try {
            JsonReader.read(text);
            ours = true;
        } catch (IllegalArgumentException e) {
            ours = false;
        }
        assertEquals(jackson, ours, text);
    }

    @Example
    void write_turnsWhatJsonCannotSayIntoNull() {
        assertEquals("[null,null,1.5]", JsonWriter.write(Arrays.asList(Double.NaN, null, 1.5)));
    }

    @Example
    void write_refusesOtherTypes() {
        assertThrows(IllegalArgumentException.class, () -> JsonWriter.write(new Object()));
    }

    @Example
    void read_refusesDeepNesting() {
        String deep = "[".repeat(100_000);
        String message = assertThrows(IllegalArgumentException.class, () -> JsonReader.read(deep))
                .getMessage();
        assertTrue(message.contains("levels"), message);
    }

    @Example
    void read_takesHexadecimalDigitsOfAsciiAlone() {
        assertEquals("A", JsonReader.read("\"\\u0041\""));
        assertThrows(IllegalArgumentException.class, () -> JsonReader.read("\"\\u004\uff11\""));
    }

    @Provide
    Arbitrary<Object> values() {
        Arbitrary<Object> leaf = Arbitraries.oneOf(
                Arbitraries.strings()
                        .withCharRange('\0', '\uffff')
                        .ofMaxLength(20)
                        .map(JsonProperties::wellFormed),
                Arbitraries.longs().map(n -> n),
                Arbitraries.doubles().map(n -> n),
                Arbitraries.of(true, false).map(b -> b));
        return Arbitraries.recursive(
                () -> leaf,
                value -> Arbitraries.oneOf(
                        value.list().ofMaxSize(4).map(list -> (Object) list),
                        Arbitraries.maps(Arbitraries.strings().ascii().ofMaxLength(8), value)
                                .ofMaxSize(4)
                                .map(map -> (Object) map)),
                0,
                3);
    }

    @Provide
    Arbitrary<String> nearlyJson() {
        return Arbitraries.strings()
                .withChars("{}[]\":,0123-+.eEtrufalsn \\u\n")
                .ofMaxLength(12);
    }

    /** Jackson writes lone surrogates as they are; the round trip through UTF-8 is tried on its own. */
    private static Object wellFormed(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    @Example
    void read_keepsTheLastOfEqualKeys() {
        assertEquals(Map.of("a", 2L), JsonReader.read("{\"a\":1,\"a\":2}"));
        assertEquals(
                List.of(-0.0, 1e300, 9.223372036854775807e18 * 10),
                JsonReader.read("[-0.0,1e300,92233720368547758070]"));
    }
}

package org.processmanager.examples.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class JsonTest {
    private static final ObjectMapper JACKSON = new ObjectMapper();

    @Test
    void nestedDocument_isReadByJacksonAsItWasWritten() throws Exception {
        Json json = new Json().beginObject();
        json.field("text", "a\"b\\c")
                .field("none", (String) null)
                .field("number", -7)
                .field("real", 0.5);
        json.field("yes", true).name("list").beginArray();
        json.value(1).value("two").nullValue().beginObject().end().beginArray().end();
        JsonNode read = JACKSON.readTree(json.end().end().toString());
        assertEquals(
                "{\"text\":\"a\\\"b\\\\c\",\"none\":null,\"number\":-7,\"real\":0.5,\"yes\":true,"
                        + "\"list\":[1,\"two\",null,{},[]]}",
                JACKSON.writeValueAsString(read));
    }

    @Property
    void anyText_survivesEncodingAndJackson(@ForAll("texts") String text) throws Exception {
        String json = new Json().beginObject().field(text, text).end().toString();
        assertTrue(json.chars().noneMatch(c -> c < ' '), json);
        JsonNode read = JACKSON.readTree(json.getBytes(StandardCharsets.UTF_8));
        assertEquals(1, read.size());
        assertEquals(text, read.get(text).textValue());
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings().withCharRange((char) 0, (char) 0xffff).ofMaxLength(40);
    }

    @Test
    void numbersThatJsonLacks_areNull() {
        Json json = new Json().beginArray();
        json.value(Double.NaN).value(Double.NEGATIVE_INFINITY).value(1e300).value(Long.MIN_VALUE);
        assertEquals("[null,null,1.0E300,-9223372036854775808]", json.end().toString());
    }

    @Test
    void unfinishedDocument_isRefused() {
        assertThrows(IllegalStateException.class, () -> new Json().beginObject().toString());
    }

    @Test
    void largeDocument_isWrittenAsItGrows() throws Exception {
        String text = "x\uD83D\uDE00\n".repeat(100_000);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        Json json = new Json(out).beginArray().value(text);
        assertTrue(bytes.size() > 600_000);
        json.end().finish();
        assertEquals(text, JACKSON.readTree(bytes.toByteArray()).get(0).textValue());
    }
}

package org.processmanager.examples.app.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.processmanager.examples.app.cli.terminal.Printable;

/** A command's answer as one JSON document on one line. */
public final class Json {
    private static final JsonFactory FACTORY = Printable.jsonFactory().disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);

    /** Writes the content of a document. */
    @FunctionalInterface
    public interface Content {
        void writeTo(JsonGenerator json) throws IOException;
    }

    private Json() {}

    /** Writes a document as it grows, so that a large one needs no memory. */
    public static void print(PrintStream out, Content content) {
        try (JsonGenerator json = FACTORY.createGenerator(new OutputStreamWriter(out, StandardCharsets.UTF_8))) {
            content.writeTo(json);
            json.writeRaw('\n'); // before the generator flushes the stream
        } catch (IOException e) {
            throw new UncheckedIOException(e); // not of a PrintStream
        }
    }

    public static void writeNumberField(JsonGenerator json, String name, @Nullable Number value) throws IOException {
        if (value == null) {
            json.writeNullField(name);
        } else {
            json.writeNumberField(name, value.longValue());
        }
    }
}

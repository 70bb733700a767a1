package org.processmanager.examples.app.eventlog;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.processmanager.examples.app.cli.terminal.Printable;

/** The fields of a JSON object, by type; a missing field or one of another type is an IllegalArgumentException. */
record JsonFields(Map<?, ?> map) {
    private static final JsonFactory JSON = Printable.jsonFactory();

    static String toJson(Map<String, @Nullable Object> fields) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            write(json, fields);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // not of a StringWriter
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, @Nullable Object value) throws IOException {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof Number number) {
            json.writeNumber(number.longValue());
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else if (value instanceof List<?> list) {
            json.writeStartArray();
            for (Object element : list) {
                write(json, element);
            }
            json.writeEndArray();
        } else if (value instanceof Map<?, ?> fields) {
            json.writeStartObject();
            for (Map.Entry<?, ?> field : fields.entrySet()) {
                json.writeFieldName(String.valueOf(field.getKey()));
                write(json, field.getValue());
            }
            json.writeEndObject();
        } else {
            json.writeString(value.toString());
        }
    }

    /**
     * Parses one object.
     *
     * @throws IllegalArgumentException if the line is torn, or not of this program
     */
    static JsonFields parse(String line) {
        try (JsonParser json = JSON.createParser(line)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("not a JSON object");
            }
            Map<String, @Nullable Object> fields = parseFields(json);
            if (json.nextToken() != null) {
                throw new IllegalArgumentException("text after the JSON object");
            }
            return new JsonFields(fields);
        } catch (IOException e) {
            throw new IllegalArgumentException("not a JSON object", e);
        }
    }

    /** Returns the fields of an object; one with an object as its value is left out. */
    private static Map<String, @Nullable Object> parseFields(JsonParser json) throws IOException {
        Map<String, @Nullable Object> fields = new HashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            switch (json.nextToken()) {
                case VALUE_STRING -> fields.put(name, json.getText());
                case VALUE_NUMBER_INT -> fields.put(name, json.getLongValue());
                case VALUE_TRUE, VALUE_FALSE -> fields.put(name, json.getBooleanValue());
                case START_ARRAY -> fields.put(name, parseObjects(json));
                default -> json.skipChildren();
            }
        }
        return fields;
    }

    /** Returns the objects of an array; other elements are left out. */
    private static List<Map<String, @Nullable Object>> parseObjects(JsonParser json) throws IOException {
        List<Map<String, @Nullable Object>> objects = new ArrayList<>();
        for (JsonToken token = json.nextToken();
                token != null && token != JsonToken.END_ARRAY;
                token = json.nextToken()) {
            if (token == JsonToken.START_OBJECT) {
                objects.add(parseFields(json));
            } else {
                json.skipChildren();
            }
        }
        return objects;
    }

    String text(String key) {
        return get(key, String.class);
    }

    @Nullable
    String textOrNull(String key) {
        return map.get(key) == null ? null : text(key);
    }

    long number(String key) {
        return get(key, Long.class);
    }

    boolean flag(String key) {
        return get(key, Boolean.class);
    }

    List<JsonFields> objects(String key) {
        List<JsonFields> objects = new ArrayList<>();
        for (Object object : get(key, List.class)) {
            objects.add(new JsonFields((Map<?, ?>) object));
        }
        return objects;
    }

    Duration millis(String key) {
        return Duration.ofMillis(number(key));
    }

    Instant time(String key) {
        try {
            return Instant.parse(text(key));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    key + ": " + text(key) + " (expected: a time as 2026-01-31T12:00:00Z)", e);
        }
    }

    <E extends Enum<E>> E constant(String key, Class<E> type) {
        String word = text(key);
        try {
            return Enum.valueOf(type, word.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new UnknownWordException(key + ": " + word);
        }
    }

    private <T> T get(String key, Class<T> type) {
        Object value = map.get(key);
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException(key + ": " + value + " (expected: a " + type.getSimpleName() + ")");
        }
        return type.cast(value);
    }

    /** A field has a word of a later version. */
    static final class UnknownWordException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnknownWordException(String message) {
            super(message);
        }
    }
}

package org.processmanager.benchmarks.multiprocess;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Names with values: the parameters of a fork, the messages between its workers, and its results.
 *
 * <p>Immutable. In one line the values are encoded as in a URL, so that they contain no space; as words of a command
 * line they are not encoded.
 */
public final class Params {
    private final Map<String, String> values;

    private Params(Map<String, String> values) {
        this.values = values;
    }

    /** @param namesAndValues name, value, name, value, ... */
    public static Params of(Object... namesAndValues) {
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            values.put(namesAndValues[i].toString(), namesAndValues[i + 1].toString());
        }
        return new Params(values);
    }

    /** Parses words of the form {@code name=value}. */
    public static Params ofWords(List<String> words) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("'" + word + "' is not name=value");
            }
            values.put(word.substring(0, equals), word.substring(equals + 1));
        }
        return new Params(values);
    }

    /** Parses a line that {@link #toString()} returned. */
    public static Params ofLine(String line) {
        List<String> words = new ArrayList<>();
        for (String word : line.strip().split(" ")) {
            if (!word.isEmpty()) {
                words.add(URLDecoder.decode(word, StandardCharsets.UTF_8));
            }
        }
        return ofWords(words);
    }

    public Params with(Object... namesAndValues) {
        return with(of(namesAndValues));
    }

    public Params with(Params others) {
        Map<String, String> both = new LinkedHashMap<>(values);
        both.putAll(others.values);
        return new Params(both);
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    public String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no parameter '" + name + "' in: " + this);
        }
        return value;
    }

    public String text(String name, String defaultValue) {
        return values.getOrDefault(name, defaultValue);
    }

    public int number(String name) {
        return Integer.parseInt(text(name));
    }

    public int number(String name, int defaultValue) {
        return has(name) ? number(name) : defaultValue;
    }

    public long longNumber(String name) {
        return Long.parseLong(text(name));
    }

    public Path path(String name) {
        return Path.of(text(name));
    }

    /** Returns the directory of this fork, in shared memory if the system has some; deleted after the fork. */
    public Path scratch() {
        return path("scratch");
    }

    /** Creates an instance of the class named by {@code adapter}, the code of the candidate, with these parameters. */
    public <T> T adapter(Class<T> type) throws ReflectiveOperationException {
        return make(type, text("adapter"));
    }

    public <T> T make(Class<T> type, String className) throws ReflectiveOperationException {
        return type.cast(Class.forName(className).getConstructor(Params.class).newInstance(this));
    }

    public List<String> toWords() {
        return values.entrySet().stream()
                .map(param -> param.getKey() + "=" + param.getValue())
                .toList();
    }

    private static String encode(String value) {
        return value.replace("%", "%25").replace("+", "%2B").replace(" ", "+").replaceAll("\\R", "%0A");
    }

    @Override
    public String toString() {
        return values.entrySet().stream()
                .map(param -> param.getKey() + "=" + encode(param.getValue()))
                .collect(Collectors.joining(" "));
    }
}

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
 * Names with values: what a fork is told on its command line, what its workers tell each other, what it reports.
 *
 * <p>Immutable. In one line the values are encoded as in a URL, so that they hold no space; as words of a command
 * line they are not.
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

    /** Of words like {@code name=value}. */
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

    /** Of what {@link #toString()} made. */
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
            throw new IllegalArgumentException("there is no '" + name + "' in: " + this);
        }
        return value;
    }

    public String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    public int number(String name) {
        return Integer.parseInt(text(name));
    }

    public int number(String name, int otherwise) {
        return has(name) ? number(name) : otherwise;
    }

    public long longNumber(String name) {
        return Long.parseLong(text(name));
    }

    public Path path(String name) {
        return Path.of(text(name));
    }

    /** The folder that belongs to this fork alone, in shared memory where the system has some; deleted after it. */
    public Path scratch() {
        return path("scratch");
    }

    /** The class named by {@code adapter}, made with these params: the candidate's side of the work. */
    public <T> T adapter(Class<T> type) throws ReflectiveOperationException {
        return make(type, text("adapter"));
    }

    public <T> T make(Class<T> type, String className) throws ReflectiveOperationException {
        return type.cast(Class.forName(className).getConstructor(Params.class).newInstance(this));
    }

    public List<String> toWords() {
        return values.entrySet().stream()
                .map(field -> field.getKey() + "=" + field.getValue())
                .toList();
    }

    private static String encode(String value) {
        return value.replace("%", "%25").replace("+", "%2B").replace(" ", "+").replaceAll("\\R", "%0A");
    }

    @Override
    public String toString() {
        return values.entrySet().stream()
                .map(field -> field.getKey() + "=" + encode(field.getValue()))
                .collect(Collectors.joining(" "));
    }
}

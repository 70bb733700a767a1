package org.processmanager.ipc;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The address of a channel: {@code scheme:target?key=value&key=value}, as {@code mapped:jobs?capacity=4m}. The scheme picks
 * the {@link Transport}, which says what target and options mean. An immutable value; making one opens nothing.
 *
 * <p>The target is everything between the first colon and the first question mark, taken as it is: there are no escapes,
 * therefore no target has a question mark in it.
 *
 * @param scheme the transport's name, in lower case
 * @param target what the transport opens, a name or a path in most
 * @param options in the order in which they were given
 */
public record Endpoint(String scheme, String target, Map<String, String> options) {
    private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]*");
    private static final Pattern KEY = Pattern.compile("[a-zA-Z][a-zA-Z0-9._-]*");
    private static final Pattern SIZE = Pattern.compile("([0-9]+)([kKmMgG]?)");
    private static final String FORM = "scheme:name?key=value&key=value, as mapped:jobs?capacity=4m";

    /**
     * Makes an endpoint from its parts.
     *
     * @param scheme the transport's name
     * @param target what the transport opens
     * @param options what else it should know; copied
     * @throws IllegalArgumentException naming the part that is malformed
     */
    public Endpoint {
        if (!SCHEME.matcher(Objects.requireNonNull(scheme, "scheme")).matches()) {
            throw new IllegalArgumentException(
                    "scheme: \"" + scheme + "\" (expected: lower-case letters and digits, as mapped)");
        }
        if (Objects.requireNonNull(target, "target").isEmpty()
                || target.indexOf('?') >= 0
                || target.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("target: \"" + target.replace("\0", "\\0")
                    + "\" (expected: a name or a path, without question mark and NUL)");
        }
        Map<String, String> copy = new LinkedHashMap<>();
        Objects.requireNonNull(options, "options").forEach((key, value) -> {
            if (!KEY.matcher(Objects.requireNonNull(key, "key")).matches()) {
                throw new IllegalArgumentException(
                        "option: \"" + key + "\" (expected: a key of letters, digits, dots and dashes)");
            }
            if (Objects.requireNonNull(value, "value").isEmpty() || value.indexOf('&') >= 0) {
                throw new IllegalArgumentException(
                        "option " + key + ": \"" + value + "\" (expected: a value, without ampersand)");
            }
            copy.put(key, value);
        });
        options = Collections.unmodifiableMap(copy);
    }

    /**
     * Reads an endpoint from its text.
     *
     * @param text as {@code mapped:jobs?capacity=4m}
     * @return the endpoint; its scheme need not belong to any transport
     * @throws IllegalArgumentException saying what in the text is malformed
     */
    public static Endpoint parse(String text) {
        int colon = Objects.requireNonNull(text, "text").indexOf(':');
        if (colon < 0) {
            throw malformed(text, "there is no colon after a scheme");
        }
        int mark = text.indexOf('?', colon);
        Map<String, String> options = new LinkedHashMap<>();
        if (mark >= 0) {
            for (String option : text.substring(mark + 1).split("&", -1)) {
                int equals = option.indexOf('=');
                if (equals <= 0) {
                    throw malformed(text, "option \"" + option + "\" is not key=value");
                }
                String key = option.substring(0, equals);
                if (options.put(key, option.substring(equals + 1)) != null) {
                    throw malformed(text, "option " + key + " is given twice");
                }
            }
        }
        try {
            return new Endpoint(
                    text.substring(0, colon), text.substring(colon + 1, mark < 0 ? text.length() : mark), options);
        } catch (IllegalArgumentException e) {
            throw malformed(text, Objects.requireNonNull(e.getMessage()));
        }
    }

    /**
     * The same endpoint with an option set.
     *
     * @param key the option's name
     * @param value its value
     * @return a copy in which the option has this value
     * @throws IllegalArgumentException if key or value is malformed
     */
    public Endpoint with(String key, String value) {
        Map<String, String> changed = new LinkedHashMap<>(options);
        changed.put(key, value);
        return new Endpoint(scheme, target, changed);
    }

    /**
     * Refuses options that a transport does not know, so that a misspelt one is not overlooked.
     *
     * @param known the names of all options that have a meaning
     * @throws IllegalArgumentException naming the unknown option and the known ones
     */
    public void requireKnownOptions(String... known) {
        TreeSet<String> names = new TreeSet<>(Arrays.asList(Objects.requireNonNull(known, "known")));
        for (String key : options.keySet()) {
            if (!names.contains(key)) {
                throw new IllegalArgumentException("option " + key + " of " + this + " (expected: "
                        + (names.isEmpty() ? "none" : String.join(", ", names)) + ")");
            }
        }
    }

    /**
     * An option that is a size: a number of bytes, or one with {@code k}, {@code m} or {@code g} behind it for 2^10, 2^20
     * or 2^30 bytes.
     *
     * @param key the option's name
     * @param otherwise the answer where it is not given
     * @return the size in bytes, more than 0
     * @throws IllegalArgumentException if the option is given and is no such size
     */
    public long bytes(String key, long otherwise) {
        @Nullable String value = options.get(Objects.requireNonNull(key, "key"));
        if (value == null) {
            return otherwise;
        }
        Matcher size = SIZE.matcher(value);
        if (size.matches()) {
            int shift =
                    " kmg".indexOf(size.group(2).isEmpty() ? ' ' : Character.toLowerCase(value.charAt(size.end(1))));
            try {
                long bytes = Math.multiplyExact(Long.parseLong(size.group(1)), 1L << (10 * shift));
                if (bytes > 0) {
                    return bytes;
                }
            } catch (NumberFormatException | ArithmeticException e) {
                // too large, said below
            }
        }
        throw new IllegalArgumentException("option " + key + " of " + this + ": " + value
                + " (expected: a size in bytes, as 65536, 64k, 4m or 1g)");
    }

    /** The text that {@link #parse} reads. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(scheme).append(':').append(target);
        char separator = '?';
        for (Map.Entry<String, String> option : options.entrySet()) {
            text.append(separator).append(option.getKey()).append('=').append(option.getValue());
            separator = '&';
        }
        return text.toString();
    }

    private static IllegalArgumentException malformed(String text, String what) {
        return new IllegalArgumentException(
                "endpoint \"" + text.replace("\0", "\\0") + "\": " + what + " (expected: " + FORM + ")");
    }
}

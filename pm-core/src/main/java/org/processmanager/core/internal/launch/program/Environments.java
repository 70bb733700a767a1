package org.processmanager.core.internal.launch.program;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.processmanager.core.internal.launch.io.PassedResources;
import org.processmanager.core.internal.launch.spec.EnvironmentSpec;
import org.processmanager.core.internal.posix.CStrings;
import org.processmanager.core.internal.posix.PathText;

/**
 * The environment of children as bytes. Inherited variables are copied as bytes: {@link System#getenv()} decodes them by the
 * charset of the locale, which under {@code LC_ALL=POSIX} loses everything outside ASCII.
 */
public final class Environments {
    private static final List<byte[]> INHERITED = read();
    private static final Map<String, String> INHERITED_TEXT = texts();
    /** The block of all launches with an unchanged environment; never freed. */
    private static final CStrings INHERITED_BLOCK = CStrings.ofTerminated(INHERITED);

    private Environments() {}

    /** Returns the block for a launch, to be passed to {@link #release} afterwards. */
    public static CStrings block(EnvironmentSpec spec) {
        return spec == EnvironmentSpec.INHERITED ? INHERITED_BLOCK : CStrings.ofTerminated(entries(spec));
    }

    public static void release(CStrings block) {
        if (block != INHERITED_BLOCK) {
            block.close();
        }
    }

    /** Returns the inherited variables, decoded as UTF-8 in any locale as by {@link PathText}. */
    public static Map<String, String> inherited() {
        return INHERITED_TEXT;
    }

    private static Map<String, String> texts() {
        Map<String, String> texts = new HashMap<>();
        for (byte[] entry : INHERITED) {
            String text = PathText.decode(Arrays.copyOf(entry, entry.length - 1));
            int equals = text.indexOf('=');
            if (equals > 0) {
                texts.putIfAbsent(text.substring(0, equals), text.substring(equals + 1));
            }
        }
        return Map.copyOf(texts);
    }

    /** Returns the entries of a child's environment, each with a NUL at its end. */
    public static List<byte[]> entries(EnvironmentSpec spec) {
        List<byte[]> entries = new ArrayList<>();
        if (!spec.cleared()) {
            List<byte[]> changed = new ArrayList<>();
            for (String key : spec.changes().keySet()) {
                changed.add((key + "=").getBytes(StandardCharsets.UTF_8));
            }
            for (byte[] entry : INHERITED) {
                if (!startsWithAny(entry, changed)) {
                    entries.add(entry);
                }
            }
        }
        for (Map.Entry<String, Optional<String>> change : spec.changes().entrySet()) {
            if (change.getValue().isPresent()) {
                entries.add(CStrings.terminated(
                        change.getKey() + "=" + change.getValue().get()));
            }
        }
        return entries;
    }

    private static boolean startsWithAny(byte[] entry, List<byte[]> prefixes) {
        for (byte[] prefix : prefixes) {
            if (startsWith(entry, prefix)) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsWith(byte[] entry, byte[] prefix) {
        return entry.length >= prefix.length && Arrays.equals(entry, 0, prefix.length, prefix, 0, prefix.length);
    }

    /** Returns the inherited entries, except those that announce resources of this JVM, which are not passed on. */
    private static List<byte[]> read() {
        byte[] passedPrefix = PassedResources.PREFIX.getBytes(StandardCharsets.UTF_8);
        List<byte[]> entries = new ArrayList<>();
        for (byte[] entry : readAll()) {
            if (!startsWith(entry, passedPrefix)) {
                entries.add(entry);
            }
        }
        return entries;
    }

    private static List<byte[]> readAll() {
        List<byte[]> entries = new ArrayList<>();
        try (InputStream environ = new FileInputStream("/proc/self/environ")) {
            byte[] all = environ.readAllBytes();
            int from = 0;
            for (int i = 0; i < all.length; i++) {
                if (all[i] == 0) {
                    entries.add(Arrays.copyOfRange(all, from, i + 1));
                    from = i + 1;
                }
            }
        } catch (IOException e) {
            for (Map.Entry<String, String> entry : System.getenv().entrySet()) {
                entries.add(CStrings.terminated(entry.getKey() + "=" + entry.getValue()));
            }
        }
        return entries;
    }
}

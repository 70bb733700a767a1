package org.processmanager.core.internal.posix;

import com.sun.jna.Platform;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The directories in which JNA searches for libraries. JNA sets its system property {@value #PROPERTY} to them when it is
 * loaded, and runs {@code ldconfig} to find them: a process, and a sixth of the time of the first use. This class sets the
 * same property from the same configuration before JNA does.
 */
final class LibraryPath {
    static final String PROPERTY = "jna.platform.library.path";

    private static final String CONFIGURATION = "/etc/ld.so.conf";
    private static final String INCLUDE = "include";
    private static final String ANY_FILE = "*.conf";

    private LibraryPath() {}

    /** Sets the property, unless it is set or the configuration is missing or not understood; then JNA sets it. */
    static void set() {
        if (System.getProperty(PROPERTY) == null) {
            String path = of(CONFIGURATION);
            if (path != null) {
                System.setProperty(PROPERTY, path);
            }
        }
    }

    /** Returns the existing directories of a configuration file, after those that JNA always searches; null if unknown. */
    static @Nullable String of(String configuration) {
        String multiarch = Platform.isARM() ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
        List<String> candidates = new ArrayList<>(
                List.of("/usr/lib/" + multiarch, "/lib/" + multiarch, "/usr/lib64", "/lib64", "/usr/lib", "/lib"));
        try {
            if (!readInto(candidates, configuration)) {
                return null;
            }
        } catch (IOException e) {
            return null;
        }
        Set<String> directories = new LinkedHashSet<>();
        for (String candidate : candidates) {
            if (new File(candidate).isDirectory()) {
                directories.add(candidate);
            }
        }
        return String.join(File.pathSeparator, directories);
    }

    /** Adds the directories of a file and of the files that it includes; returns false if a line is not understood. */
    private static boolean readInto(List<String> directories, String file) throws IOException {
        for (String line : read(file).split("\n")) {
            int comment = line.indexOf('#');
            String entry = (comment < 0 ? line : line.substring(0, comment)).strip();
            if (entry.startsWith("/")) {
                directories.add(entry);
            } else if (entry.startsWith(INCLUDE + " ") && entry.endsWith("/" + ANY_FILE)) {
                String pattern = entry.substring(INCLUDE.length()).strip();
                String directory = pattern.substring(0, pattern.length() - ANY_FILE.length());
                String[] names = new File(directory).list();
                if (names == null) {
                    continue;
                }
                Arrays.sort(names);
                for (String name : names) {
                    if (name.endsWith(".conf") && !readInto(directories, directory + name)) {
                        return false;
                    }
                }
            } else if (!entry.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private static String read(String file) throws IOException {
        try (InputStream in = new FileInputStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

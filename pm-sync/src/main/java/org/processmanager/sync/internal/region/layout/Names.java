package org.processmanager.sync.internal.region.layout;

import java.util.Objects;

/** Names of regions and of objects: 1 to 80 ASCII letters, digits, dots, underscores and hyphens; no leading dot. */
public final class Names {
    private static final int LONGEST = DirectoryLayout.NAME_BYTES;

    private Names() {}

    /**
     * Returns the name if it is valid.
     *
     * @throws IllegalArgumentException if it is not, with the reason
     */
    public static String check(String name) {
        if (Objects.requireNonNull(name, "name").isEmpty() || name.length() > LONGEST) {
            throw new IllegalArgumentException(
                    "name: '" + name + "' (expected: 1 to " + LONGEST + " characters, has " + name.length() + ")");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!isAllowed(c) || (i == 0 && c == '.')) {
                throw new IllegalArgumentException("name: '" + name + "' has '" + c + "' at " + i
                        + " (expected: ASCII letters and digits, '.', '_', '-', no leading '.')");
            }
        }
        return name;
    }

    private static boolean isAllowed(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '_'
                || c == '-';
    }
}

package org.processmanager.benchmarks;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What somebody may have meant who mistyped a name. */
final class NearNames {
    private static final int MOST = 2; // letters wrong, missing, or too many

    private NearNames() {}

    /** How the message goes on that tells of an unknown name: the one that is likely meant, then all. */
    static String hint(String name, List<String> known) {
        String near = known.stream()
                .filter(each -> isNear(name.toLowerCase(Locale.ROOT), each))
                .min(Comparator.comparingInt(each -> distance(name, each)))
                .map(each -> "did you mean '" + each + "'? ")
                .orElse("");
        return "(" + near + "expected: " + String.join(", ", known) + ")";
    }

    private static boolean isNear(String name, String known) {
        boolean isPart = name.length() > 2 && (known.contains(name) || name.contains(known));
        return isPart || distance(name, known) <= Math.min(MOST, Math.min(name.length(), known.length()) / 2);
    }

    /** Levenshtein's. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}

package org.processmanager.core.internal.launch.program;

import java.io.File;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Names that are nearly the one that was not found: with one or two letters missing, too many, changed, or swapped with
 * their neighbour (the distance of Damerau, with each place touched once). The work is bounded, whatever folders there are.
 */
public final class NearNames {
    private static final int MOST_NAMES_LOOKED_AT = 20_000;
    private static final int MOST_NAMES_TOLD = 3;
    private static final int LONGEST_NAME = 64;
    /** In shorter names two changes leave nothing of the name. */
    private static final int SHORTEST_FOR_TWO_CHANGES = 5;

    private NearNames() {}

    /** Names in the folders that can be executed, the nearest first; none where none is near. */
    public static List<String> find(String wanted, List<String> folders) {
        int most = wanted.length() >= SHORTEST_FOR_TWO_CHANGES ? 2 : 1;
        if (wanted.length() < 2 || wanted.length() > LONGEST_NAME) {
            return List.of();
        }
        Map<String, Integer> near = new HashMap<>();
        int left = MOST_NAMES_LOOKED_AT;
        for (String folder : folders) {
            String[] names = new File(folder).list();
            for (int i = 0; names != null && i < names.length && left > 0; i++, left--) {
                int distance = Math.abs(names[i].length() - wanted.length()) > most
                        ? Integer.MAX_VALUE
                        : distance(wanted, names[i]);
                if (distance <= most && !near.containsKey(names[i]) && isProgram(folder, names[i])) {
                    near.put(names[i], distance);
                }
            }
        }
        List<String> found = new ArrayList<>(near.keySet());
        found.sort(Comparator.<String>comparingInt(near::get).thenComparing(Comparator.naturalOrder()));
        return List.copyOf(found.subList(0, Math.min(found.size(), MOST_NAMES_TOLD)));
    }

    private static boolean isProgram(String folder, String name) {
        File file = new File(folder, name);
        return file.isFile() && file.canExecute();
    }

    /** Row by row, of which the last three are kept. */
    public static int distance(String a, String b) {
        int[] beforeLast = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(changed, Math.min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
            }
            beforeLast = last;
            last = row;
        }
        return last[b.length()];
    }
}

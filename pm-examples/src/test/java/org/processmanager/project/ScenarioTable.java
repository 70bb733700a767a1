package org.processmanager.project;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The situations of {@code docs/scenarios.csv}: groups in their order, and in each its numbers. */
final class ScenarioTable {
    /** A list of situations; once resolved, each has a test or a reason. */
    record Group(String id, String title, boolean resolved, Map<Integer, Situation> situations) {}

    /** One numbered situation; the note is empty or says why no test tries it. */
    record Situation(String id, String title, String note) {}

    private final Map<String, Group> groups = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    private ScenarioTable() {}

    static ScenarioTable parse(String csv) {
        ScenarioTable table = new ScenarioTable();
        csv.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).forEach(table::add);
        return table;
    }

    Map<String, Group> groups() {
        return groups;
    }

    /** What is wrong with the table itself. */
    List<String> problems() {
        return problems;
    }

    boolean has(String id) {
        return groups.values().stream()
                .flatMap(group -> group.situations.values().stream())
                .anyMatch(situation -> situation.id.equals(id));
    }

    private void add(String line) {
        String[] columns = line.split(",", 3);
        if (columns.length < 3) {
            problems.add("not three columns: " + line);
            return;
        }
        String id = columns[0];
        String note = columns[2].strip();
        int slash = id.indexOf('/');
        if (slash < 0) {
            addGroup(new Group(id, columns[1], note.equals("resolved"), new LinkedHashMap<>()), note);
        } else {
            addSituation(id.substring(0, slash), id.substring(slash + 1), new Situation(id, columns[1], note));
        }
    }

    private void addGroup(Group group, String state) {
        if (!state.equals("open") && !state.equals("resolved")) {
            problems.add("a group is open or resolved: " + group.id + " is '" + state + "'");
        }
        if (groups.putIfAbsent(group.id, group) != null) {
            problems.add("group listed twice: " + group.id);
        }
    }

    private void addSituation(String groupId, String number, Situation situation) {
        Group group = groups.get(groupId);
        if (group == null || !number.matches("[1-9]\\d*")) {
            problems.add("no group, or no number: " + situation.id);
        } else if (group.situations.putIfAbsent(Integer.valueOf(number), situation) != null) {
            problems.add("listed twice: " + situation.id);
        }
        if (!situation.note.matches("|(n/a|later): .+")) {
            problems.add("a note is 'n/a: reason' or 'later: what': " + situation.id + " has '" + situation.note + "'");
        }
    }
}

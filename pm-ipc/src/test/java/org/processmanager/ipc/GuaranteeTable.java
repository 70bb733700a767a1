package org.processmanager.ipc;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.processmanager.fixtures.Project;

/** The table of {@code docs/transports.md}: a row for each guarantee, a column for each transport. */
final class GuaranteeTable {
    /** By title of the column, then by guarantee. */
    private final Map<String, Map<String, String>> columns = new LinkedHashMap<>();

    private GuaranteeTable() {}

    static GuaranteeTable ofDocumentation() {
        return parse(Project.read(Project.root().resolve("docs/transports.md")));
    }

    /** Reads the first table of a page. */
    static GuaranteeTable parse(String page) {
        List<List<String>> rows = new ArrayList<>();
        for (String line : page.split("\n")) {
            if (line.startsWith("| ")) {
                List<String> cells = new ArrayList<>();
                for (String cell : line.substring(1).split("\\|")) {
                    cells.add(cell.strip());
                }
                rows.add(cells);
            } else if (!rows.isEmpty() && !line.startsWith("|")) {
                break;
            }
        }
        GuaranteeTable table = new GuaranteeTable();
        for (int column = 1; !rows.isEmpty() && column < rows.get(0).size(); column++) {
            Map<String, String> cells = new LinkedHashMap<>();
            for (List<String> row : rows.subList(1, rows.size())) {
                cells.put(row.get(0), column < row.size() ? row.get(column) : "");
            }
            table.columns.put(rows.get(0).get(column).replace("`", ""), cells);
        }
        return table;
    }

    /** Returns the cells of a transport by guarantee; empty if the table lacks it. */
    Map<String, String> column(String title) {
        return columns.getOrDefault(title, Map.of());
    }

    /** Returns the table with the cells of a transport. */
    GuaranteeTable with(String title, Map<String, String> cells) {
        GuaranteeTable changed = new GuaranteeTable();
        changed.columns.putAll(columns);
        changed.columns.put(title, cells);
        return changed;
    }

    TreeSet<String> titles() {
        return new TreeSet<>(columns.keySet());
    }

    /** Returns the table as Markdown; the guarantees are those of the last column. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("| guarantee |");
        columns.keySet().forEach(title -> text.append(" `").append(title).append("` |"));
        text.append("\n|---|").append("---|".repeat(columns.size()));
        List<Map<String, String>> all = List.copyOf(columns.values());
        for (String guarantee : all.get(all.size() - 1).keySet()) {
            text.append("\n| ").append(guarantee).append(" |");
            all.forEach(cells ->
                    text.append(' ').append(cells.getOrDefault(guarantee, "")).append(" |"));
        }
        return text.toString();
    }
}

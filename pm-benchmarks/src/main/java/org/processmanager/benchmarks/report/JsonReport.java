package org.processmanager.benchmarks.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The rows as one JSON array. Scripts rely on the names; a figure that was not measured is null. */
public final class JsonReport {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final ObjectWriter WRITER = MAPPER.writerWithDefaultPrettyPrinter();

    private JsonReport() {}

    public static String of(Report report) {
        ArrayNode rows = MAPPER.createArrayNode();
        report.rows().forEach(row -> rows.add(object(row)));
        try {
            return WRITER.writeValueAsString(rows) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // a tree of nodes is always writable
        }
    }

    private static ObjectNode object(Row row) {
        return MAPPER.createObjectNode()
                .put("suite", row.suite())
                .put("case", row.caseName())
                .put("candidate", row.candidate())
                .put("tag", row.tag())
                .put("median", number(row.median()))
                .put("min", number(row.min()))
                .put("mean", number(row.mean()))
                .put("p99", number(row.p99()))
                .put("samples", row.samples())
                .put("unit", row.unit().symbol())
                .put("advantage", number(row.advantage()))
                .put("cpuSeconds", number(row.cpuSeconds()))
                .put("peakRssBytes", whole(row.peakRssBytes()))
                .put("threads", whole(row.threads()))
                .put("allocatedBytesPerOp", number(row.allocatedBytesPerOp()))
                .put("smallestShare", number(row.smallestShare()))
                .put("verified", row.verified());
    }

    private static Double number(double value) {
        return Double.isFinite(value) ? value : null;
    }

    private static Long whole(double value) {
        return Double.isFinite(value) ? Math.round(value) : null;
    }
}

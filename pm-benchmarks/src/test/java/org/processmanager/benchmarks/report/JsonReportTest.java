package org.processmanager.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonReportTest {
    private static final List<String> NAMES = List.of(
            "suite",
            "case",
            "candidate",
            "tag",
            "median",
            "min",
            "mean",
            "p99",
            "samples",
            "unit",
            "advantage",
            "cpuSeconds",
            "peakRssBytes",
            "threads",
            "allocatedBytesPerOp",
            "smallestShare",
            "verified");

    @Test
    void rows_haveDocumentedNames() throws Exception {
        JsonNode rows = new ObjectMapper().readTree(JsonReport.of(Reports.example()));
        assertEquals(6, rows.size());
        for (JsonNode row : rows) {
            List<String> names = new ArrayList<>();
            row.fieldNames().forEachRemaining(names::add);
            assertEquals(NAMES, names);
        }
        JsonNode peer = rows.get(1);
        assertEquals("peer<1>", peer.get("candidate").asText());
        assertEquals(1500, peer.get("median").asDouble());
        assertEquals(3, peer.get("advantage").asDouble());
        assertEquals("us", peer.get("unit").asText());
        assertTrue(peer.get("peakRssBytes").isIntegralNumber());
        assertTrue(peer.get("verified").asBoolean());
    }

    @Test
    void missingFigure_isNull() throws Exception {
        JsonNode broken =
                new ObjectMapper().readTree(JsonReport.of(Reports.example())).get(5);
        for (String name : List.of("median", "min", "p99", "advantage", "allocatedBytesPerOp", "smallestShare")) {
            assertTrue(broken.get(name).isNull(), name);
        }
        assertEquals(0, broken.get("samples").asInt());
        assertFalse(broken.get("verified").asBoolean());
    }

    @Test
    void noCase_isEmptyArray() throws Exception {
        Report nothing = new Report("./pm bench", List.of(), List.of(), List.of());
        assertEquals(0, new ObjectMapper().readTree(JsonReport.of(nothing)).size());
    }
}

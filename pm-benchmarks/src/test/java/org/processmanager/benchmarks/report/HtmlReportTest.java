package org.processmanager.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.processmanager.benchmarks.suite.Unit;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class HtmlReportTest {
    private static final Pattern SVG = Pattern.compile("<svg.*?</svg>", Pattern.DOTALL);

    private final String page = HtmlReport.of(Reports.example());

    @Test
    void page_isSelfContained() {
        for (String reference : List.of("http:", "https:", "src=", "@import", "url(", "<link", "<script")) {
            assertFalse(page.contains(reference), reference);
        }
    }

    @Test
    void figures_haveBars() throws Exception {
        List<String> charts =
                SVG.matcher(page).results().map(match -> match.group()).toList();
        assertEquals(4, charts.size(), "near and far, each for wide and narrow windows");
        for (String near : charts.subList(0, 2)) {
            assertEquals(List.of("c-limit", "ours", "peer<1>", "slow", "broken"), names(near), "sorted, failures last");
            assertEquals(4, bars(near).getLength());
            assertTrue(near.contains("<text class=\"value failed"), near);
        }
        assertEquals(List.of("peer<1>"), names(charts.get(2)));
    }

    @Test
    void unverifiedWork_isMarked() {
        Row unverified = Reports.row("cheat", "near", 100, Double.NaN, false);
        List<Row> rows = List.of(Reports.row("ours", "near", 500, 1, true), unverified);
        String chart = BarChart.of(rows, rows);
        assertTrue(chart.contains("<rect class=\"bar failed\""), chart);
        assertTrue(chart.contains("not verified"), chart);
    }

    @Test
    void charts_stayWithinViewBox() throws Exception {
        for (String chart :
                SVG.matcher(page).results().map(match -> match.group()).toList()) {
            String[] box = parse(chart).getAttribute("viewBox").split(" ");
            NodeList all = parse(chart).getElementsByTagName("*");
            for (int i = 0; i < all.getLength(); i++) {
                Element each = (Element) all.item(i);
                double right = number(each, "x") + number(each, "width");
                double bottom = number(each, "y") + number(each, "height");
                assertTrue(right <= Double.parseDouble(box[2]), each.getAttribute("class"));
                assertTrue(bottom <= Double.parseDouble(box[3]), each.getAttribute("class"));
            }
        }
    }

    private static double number(Element element, String attribute) {
        String value = element.getAttribute(attribute);
        return value.isEmpty() ? 0 : Double.parseDouble(value);
    }

    @Test
    void largerFigure_hasLongerBar() throws Exception {
        NodeList bars =
                bars(SVG.matcher(page).results().findFirst().orElseThrow().group());
        double last = 0;
        for (int i = 0; i < bars.getLength(); i++) {
            double width = Double.parseDouble(((Element) bars.item(i)).getAttribute("width"));
            assertTrue(width > last, "bar " + i + ": " + width);
            last = width;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<section id=\"spawn\">",
                "programs &amp; their ends",
                "broken failed: exit code &quot;3&quot;",
                "2 x Example",
                "./pm bench spawn --quick",
                "peer&lt;1&gt;: peer 1.0, no JVM flag",
                "ours 3.00x",
                "processors near each other"
            })
    void page_contains(String text) {
        assertTrue(page.contains(text), page);
    }

    @Test
    void figures_haveTheUnitThatPeopleRead() {
        assertEquals("54.3 ms", Numbers.withUnit(54_300, Unit.MICROSECONDS));
        assertEquals("1.50 s", Numbers.withUnit(1_500, Unit.MILLISECONDS));
        assertEquals("250 ns", Numbers.withUnit(0.25, Unit.MICROSECONDS));
        assertEquals("2.50 M/s", Numbers.withUnit(2_500_000, Unit.PER_SECOND));
        assertEquals("- us", Numbers.withUnit(Double.NaN, Unit.MICROSECONDS));
        assertEquals("1 234 %cpu", Numbers.withUnit(1_234, Unit.PERCENT_OF_ONE_CPU));
        assertTrue(page.contains(">50.0 ms"), page);
    }

    @Test
    void chartsOfASuite_haveOneScale() throws Exception {
        List<Row> near = List.of(Reports.row("ours", "near", 100, 1, true));
        List<Row> suite = List.of(near.get(0), Reports.row("ours", "near", 200, 1, true));
        double full = width(BarChart.of(near, near));
        assertEquals(full / 2, width(BarChart.of(near, suite)), 1);
    }

    private static double width(String charts) throws Exception {
        Element bar = (Element)
                bars(SVG.matcher(charts).results().findFirst().orElseThrow().group())
                        .item(0);
        return Double.parseDouble(bar.getAttribute("width"));
    }

    @Test
    void doubtfulFigures_haveWarnings() {
        CaseReport measured = Reports.example().cases().get(0);
        assertEquals(List.of(), Warnings.of(measured));
        assertEquals(measured.remarks(), Warnings.withLoad(measured.remarks(), 0.05));
        assertEquals(measured.remarks(), Warnings.withLoad(measured.remarks(), Double.NaN));
        CaseReport loaded = measured.withRemarks(Warnings.withLoad(measured.remarks(), 0.5));
        assertTrue(Warnings.of(loaded).get(0).startsWith("other programs used 50 % of the processors"));
        Row row = Reports.row("ours", "near", 500, 1, true);
        Row few = new Row(
                row.suite(),
                row.caseName(),
                "rare",
                "near",
                1,
                1,
                1,
                1,
                3,
                Unit.MICROSECONDS,
                1,
                1,
                1,
                1,
                1,
                1,
                true,
                "");
        CaseReport rare = new CaseReport("spawn", "s", "c", "t", "us", List.of(row, few), List.of());
        assertEquals(List.of("few samples, the figures may change from run to run: rare 3"), Warnings.of(rare));
        Report report = new Report("c", List.of(), List.of(rare), List.of());
        assertTrue(HtmlReport.of(report).contains("<p class=\"warning\">few samples"));
    }

    private static List<String> names(String svg) throws Exception {
        NodeList texts = parse(svg).getElementsByTagName("text");
        return IntStream.range(0, texts.getLength())
                .mapToObj(i -> (Element) texts.item(i))
                .filter(text -> text.getAttribute("class").startsWith("name"))
                .map(Element::getTextContent)
                .collect(Collectors.toList());
    }

    private static NodeList bars(String svg) throws Exception {
        return parse(svg).getElementsByTagName("rect");
    }

    private static Element parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(svg)))
                .getDocumentElement();
    }
}

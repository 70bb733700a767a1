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
        String chart = BarChart.of(List.of(Reports.row("ours", "near", 500, 1, true), unverified));
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

/** Computes figures from the results of the forks and renders reports: a table, JSON, Markdown, an HTML page. */
package org.processmanager.benchmarks.report;

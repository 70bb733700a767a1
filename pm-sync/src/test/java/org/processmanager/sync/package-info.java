/** Tests of the front doors: what a program sees, in one JVM and in several. */
package org.processmanager.sync;

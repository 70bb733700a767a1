/** Tests of the app: as a user starts it, in a process of its own, and in parts. */
package org.processmanager.examples;

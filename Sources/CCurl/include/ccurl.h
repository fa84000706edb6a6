#pragma once
#include <curl/curl.h>

// curl_easy_setopt, curl_easy_getinfo and curl_multi_setopt take variable arguments, which Swift cannot call.
// Here is one function for each option in use; all return libcurl's own code.

typedef size_t (*ccurl_transfer)(char *bytes, size_t size, size_t count, void *context);
typedef int (*ccurl_seek)(void *context, curl_off_t offset, int origin);
typedef int (*ccurl_before_request)(void *context, char *remote, char *local, int remote_port, int local_port);
typedef curl_socket_t (*ccurl_open_socket)(void *context, curlsocktype purpose, struct curl_sockaddr *address);

// What every transfer has in common: no signals, no proxy from the environment, HTTP/1.1, http and https alone.
CURLcode ccurl_set_defaults(CURL *handle);
CURLcode ccurl_set_url(CURL *handle, const char *url);
CURLcode ccurl_set_headers(CURL *handle, struct curl_slist *headers);
CURLcode ccurl_set_timeouts(CURL *handle, long connect_ms, long total_ms);
CURLcode ccurl_set_context(CURL *handle, void *context);
CURLcode ccurl_set_error_buffer(CURL *handle, char *buffer);

// The method. An upload's body comes through the read function.
CURLcode ccurl_set_method(CURL *handle, const char *method);
CURLcode ccurl_set_head(CURL *handle);
CURLcode ccurl_set_upload(CURL *handle, curl_off_t length, ccurl_transfer read, ccurl_seek seek, void *context);

CURLcode ccurl_set_receivers(CURL *handle, ccurl_transfer head, ccurl_transfer body, void *context);
// Called before a new socket is opened, and before each time that the request is sent.
CURLcode ccurl_set_guards(CURL *handle, ccurl_open_socket open, ccurl_before_request before, void *context);
CURLcode ccurl_set_signing(CURL *handle, const char *scheme, const char *access_key, const char *secret_key);

CURLcode ccurl_get_status(CURL *handle, long *status);
CURLcode ccurl_get_context(CURL *handle, char **context);

CURLMcode ccurl_multi_set_connections(CURLM *multi, long kept);

// The message's code, which is in a union.
CURLcode ccurl_message_result(const CURLMsg *message);
